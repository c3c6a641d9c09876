// Before the first paint: colours and direction as they were chosen, so that nothing flashes.
// And the list that is seen first is asked for while the scripts come, which take it over
// (src/api/early.ts): until they do, the names of torrents stand where they will stand.
(function () {
  function kept(key) {
    try { return JSON.parse(localStorage.getItem(key)) || {} } catch (e) { return {} }
  }
  function draw(page) {
    var app = document.getElementById('app')
    if (!app || app.firstChild || !page.torrents || !page.torrents.length) return
    var list = document.createElement('ul')
    list.className = kept('warren.transfers').filters === false ? 'early wide' : 'early'
    page.torrents.slice(0, Math.ceil(innerHeight / 32)).forEach(function (torrent) {
      var row = document.createElement('li')
      row.textContent = torrent.name
      row.dir = 'auto'
      list.append(row)
    })
    app.append(list)
  }
  var look = kept('warren.look')
  var root = document.documentElement
  if (look.theme) root.dataset.theme = look.theme
  if (look.contrast) root.dataset.contrast = look.contrast
  if (look.density) root.dataset.density = look.density
  if (look.dir) root.dir = look.dir
  if (/^#?\/?(transfers)?$/.test(location.hash)) {
    var url = '/api/v1/torrents?sort=added&reverse=true&offset=0&limit=100&fields=key%2Cname%2Cstate%2Creason%2Cprogress%2Cdown_rate%2Cup_rate%2Csize%2Ceta%2Ccategory%2Cpaused%2Cratio%2Cpeers'
    try { url = localStorage.getItem('warren.first') || url } catch (e) { /* nothing can be kept */ }
    var early = window.early = { url: url }
    early.arrives = fetch(url).then(function (answer) { return answer.ok ? answer.json() : undefined }).then(function (page) {
      early.body = page
      if (page) draw(page)
      return page
    }).catch(function () { /* whoever asks next hears of it */ })
  }
})()
