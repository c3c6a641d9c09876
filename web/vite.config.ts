import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import { svelte } from '@sveltejs/vite-plugin-svelte'

// What comes first stands in the page itself: to ask for it would take as long as to do it.
// The node lets this script run by its hash (internal/webui/bundle).
const early: Plugin = {
  name: 'early',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => html.replace('<!-- src/early.js -->', () => `\n${readFileSync(new URL('./src/early.js', import.meta.url), 'utf8')}`),
  },
}

// The page is served under a policy that lets nothing in but files of the node itself,
// and no text become markup: no data: URLs, no innerHTML (see README.md).
export default defineConfig({
  base: './',
  plugins: [early, svelte({ compilerOptions: { runes: true, fragments: 'tree', css: 'external' } })],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
  server: {
    // `npm run dev` beside a node: WARREN_API=http://127.0.0.1:9471 WARREN_TOKEN=...
    proxy: {
      '/api': {
        target: process.env.WARREN_API ?? 'http://127.0.0.1:9471',
        changeOrigin: true,
        configure: (proxy) => {
          proxy.on('proxyReq', (request) => {
            request.removeHeader('origin')
            request.setHeader('sec-fetch-site', 'same-origin')
            if (process.env.WARREN_TOKEN) request.setHeader('authorization', `Bearer ${process.env.WARREN_TOKEN}`)
          })
        },
      },
    },
  },
})
