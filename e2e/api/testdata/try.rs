use std::env::var;
use warren::{Client, ListChangesQuery, ListTorrentsQuery, NewBlockList, NewToken, NewTorrent, Patch, RemoveBlockListQuery, RemoveTorrentQuery, StreamEventsQuery};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (api, key) = (var("WARREN_API")?, var("WARREN_TOKEN")?);
    let link = format!("magnet:?xt=urn:btih:{}&dn=rs", "3".repeat(40));
    let owner = Client::new(&api, &key)?;
    let made = owner.make_token(&NewToken { name: "rust".into(), scopes: vec!["add".into(), "control".into()], ..Default::default() })?;
    let client = Client::new(&api, &made.text)?;
    assert!(!client.get_status()?.version.is_empty());
    assert_eq!(client.get_session()?.name, "rust");
    let labels = Some(vec!["b".to_string(), "a".to_string()]);
    let torrent = client.add_torrent(&NewTorrent { magnet: Some(link.clone()), labels, paused: Some(true), ..Default::default() })?;
    assert_eq!((torrent.name.as_str(), torrent.labels.join(" ").as_str(), torrent.paused), ("rs", "a b", true));
    let page = client.list_torrents(&ListTorrentsQuery { label: Some(vec!["a".into()]), limit: Some(1000), ..Default::default() })?;
    assert!(page.total == 1 && page.torrents[0].key == torrent.key);
    let changed = client.change_torrent(&torrent.key, &Patch { up_limit: Some(5), labels: Some(vec![]), ..Default::default() })?;
    assert!(changed.up_limit == 5 && changed.labels.is_empty());
    let mut seen = false;
    for event in client.stream_events(&StreamEventsQuery::default())? {
        let event = event?;
        if let Some(page) = event.snapshot {
            seen = page.torrents.iter().any(|t| t.key == torrent.key);
        }
        if event.ready.is_some() {
            client.change_torrent(&torrent.key, &Patch { note: Some("heard".into()), ..Default::default() })?;
        }
        if event.delta.is_some_and(|d| d.changed.iter().any(|t| t.note == "heard")) {
            break;
        }
    }
    assert!(seen);
    let delta = client.list_changes(&ListChangesQuery { since: Some(client.get_status()?.revision), ..Default::default() })?;
    assert!(delta.changed.is_empty() && delta.revision > 0);
    assert!(client.get_torrent(&"0".repeat(40)).is_err_and(|e| e.is("not-found")));
    assert!(client.add_torrent(&NewTorrent { magnet: Some(link), ..Default::default() }).is_err_and(|e| e.is("duplicate")));
    assert!(client.list_tokens().is_err_and(|e| e.is("forbidden")));
    assert!(Client::new(&api, "wrong")?.get_status().is_err_and(|e| e.is("unauthorized")));
    assert!(client.list_torrents(&ListTorrentsQuery { sort: Some("odd".into()), ..Default::default() }).is_err_and(|e| e.is("invalid")));
    let list = std::env::temp_dir().join("warren no list").to_string_lossy().into_owned();
    let lists = owner.add_block_list(&NewBlockList { location: list.clone() })?;
    assert!(lists.lists.len() == 1 && lists.lists[0].location == list && !lists.lists[0].problem.is_empty());
    client.refresh_block_lists()?;
    owner.remove_block_list(&RemoveBlockListQuery { location: Some(list) })?;
    client.remove_torrent(&torrent.key, &RemoveTorrentQuery { content: Some(true) })?;
    owner.revoke_token(made.token.id)?;
    println!("ok");
    Ok(())
}
