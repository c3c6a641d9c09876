import './style/tokens.css'
import './style/base.css'
import './style/controls.css'
import { mount } from 'svelte'
import { awaitEarly } from './api/early.ts'
import App from './shell/App.svelte'
import { keepFrame } from './shell/offline.ts'
import { look } from './shell/look.svelte.ts'
import { speak } from './i18n/words.svelte.ts'

void Promise.all([speak(look.locale), awaitEarly()]).then(() => {
  const target = document.getElementById('app')!
  target.replaceChildren() // what early.js has drawn
  mount(App, { target })
})
keepFrame()
