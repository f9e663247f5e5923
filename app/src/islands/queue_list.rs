//! The list of cases from which somebody went to one: with its view, its filters and its place.

use leptos::prelude::*;

/// Under which this window knows it.
const LIST: &str = "queue-list";

/// The list that this page is will be gone back to.
pub fn remember_list() {
    let location = window().location();
    let address = location
        .pathname()
        .and_then(|path| Ok(path + &location.search()?));
    if let (Ok(address), Ok(Some(shelf))) = (address, window().session_storage()) {
        // Where nothing is kept one goes back to the queue as it begins.
        let _ = shelf.set_item(LIST, &address);
    }
}

/// Goes back to it; to the queue where one came from no list.
pub fn opens_list() -> bool {
    let shelf = window().session_storage().ok().flatten();
    let kept = shelf.and_then(|shelf| shelf.get_item(LIST).ok().flatten());
    let list = kept.filter(|list| list.starts_with("/queue"));
    let list = list.as_deref().unwrap_or("/queue");
    window().location().set_href(list).is_ok()
}
