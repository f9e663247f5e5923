//! What happens at the desk, as it happens: one stream for each browser, whatever its windows. One
//! window of a person reads the stream and hands what it reads to the others; when it is closed,
//! another one goes on where it ended.

use super::listen::listen;
use leptos::{leptos_dom::helpers::document, prelude::*};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, Event, EventSource, MessageEvent};

/// What a new window asks the others: what was told lately.
const LATELY: &str = "?";

/// So much of it is kept for new windows.
const KEPT: usize = 100;

/// How long after the desk has refused a stream it is asked for again.
const AGAIN: Duration = Duration::from_secs(60);

/// Something that the desk tells (`casework::live::Told`).
pub struct Told(JsValue);

impl Told {
    fn field(&self, name: &str) -> JsValue {
        js_sys::Reflect::get(&self.0, &name.into()).unwrap_or_default()
    }

    /// A text; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        self.field(name).as_string().unwrap_or_default()
    }

    /// A list of texts.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let list = js_sys::Array::from(&self.field(name));
        list.iter().filter_map(|text| text.as_string()).collect()
    }

    fn seq(&self) -> Option<f64> {
        self.field("seq").as_f64()
    }

    /// "Priya requested corrections".
    pub fn sentence(&self) -> String {
        let who = match self.is_own() {
            true => "You".to_owned(),
            false => self.text("who"),
        };
        format!("{who} {}", self.text("what"))
    }

    fn is_own(&self) -> bool {
        self.field("own").is_truthy()
    }
}

/// What a window knows.
struct Window {
    person: String,
    channel: BroadcastChannel,
    /// The newest event of the trail that it was drawn with …
    from: f64,
    /// … and what it was told since.
    heard: RefCell<Vec<f64>>,
    /// What the stream told lately, where this window reads it.
    lately: RefCell<Vec<String>>,
    reads: Cell<bool>,
    /// Whether a form was sent from here: its page will be another one.
    sent: Cell<bool>,
    told: Box<dyn Fn(&Told)>,
}

/// Calls `told` with everything that happens, once, as long as the page lives. `person` is for whom
/// the page was drawn, `from` the newest event of the trail that it knows of.
pub fn hear(person: &str, from: i64, told: impl Fn(&Told) + 'static) {
    let Ok(channel) = BroadcastChannel::new(&format!("live {person}")) else {
        return;
    };
    let window = Rc::new(Window {
        person: person.to_owned(),
        channel,
        from: from as f64,
        heard: RefCell::default(),
        lately: RefCell::default(),
        reads: Cell::new(false),
        sent: Cell::new(false),
        told: Box::new(told),
    });
    let of_others = {
        let window = Rc::clone(&window);
        move |event: Event| match text_of(&event) {
            Some(text) if text == LATELY => window.tell_lately(),
            Some(text) => window.hear(&text),
            None => {}
        }
    };
    listen(&window.channel, "message", of_others);
    let sending = Rc::clone(&window);
    listen(&document(), "submit", move |_: Event| {
        sending.sent.set(true)
    });
    window.post(LATELY);
    lead(window);
}

fn text_of(event: &Event) -> Option<String> {
    event.dyn_ref::<MessageEvent>()?.data().as_string()
}

impl Window {
    fn post(&self, text: &str) {
        // Cannot fail: it is a text, and the channel is open.
        let _ = self.channel.post_message(&text.into());
    }

    fn tell_lately(&self) {
        for text in self.lately.borrow().iter() {
            self.post(text);
        }
    }

    /// Takes what the stream tells, unless this window knows it or does it itself.
    fn hear(&self, text: &str) {
        let Ok(told) = js_sys::JSON::parse(text).map(Told) else {
            return;
        };
        if let Some(seq) = told.seq() {
            if seq <= self.from || self.heard.borrow().contains(&seq) {
                return;
            }
            self.heard.borrow_mut().push(seq);
        }
        if !(self.sent.get() && told.is_own()) {
            (self.told)(&told);
        }
    }

    /// Reads the stream from where this window knows everything.
    fn read(self: &Rc<Self>) {
        let newest = self
            .heard
            .borrow()
            .iter()
            .copied()
            .fold(self.from, f64::max);
        let url = format!("/live?for={}&from={newest}", self.person);
        let Ok(stream) = EventSource::new(&url) else {
            return;
        };
        let window = Rc::clone(self);
        listen(&stream, "message", move |event: Event| {
            if let Some(text) = text_of(&event) {
                let mut lately = window.lately.borrow_mut();
                if lately.len() == KEPT {
                    lately.remove(0);
                }
                lately.push(text.clone());
                drop(lately);
                window.post(&text);
                window.hear(&text);
            }
        });
        let window = Rc::clone(self);
        let ended = stream.clone();
        listen(&stream, "error", move |_: Event| {
            // A stream that breaks off begins again by itself.
            if ended.ready_state() == EventSource::CLOSED {
                let window = Rc::clone(&window);
                set_timeout(move || window.read(), AGAIN);
            }
        });
        listen(&stream, "open", |_: Event| {
            if let Some(body) = document().body() {
                // For whoever has to wait for it, as the journeys do.
                let _ = body.set_attribute("data-live", "open");
            }
        });
    }
}

/// Reads the stream once no other window of the person does. Where the browser has no locks (it has
/// them over https alone), each window reads one of its own.
fn lead(window: Rc<Window>) {
    let asking = Rc::clone(&window);
    let granted = Closure::once_into_js(move || {
        asking.begin();
        // Never kept: the lock is held as long as the page lives.
        js_sys::Promise::new(&mut |_, _| {})
    });
    if ask(&format!("live {}", window.person), &granted).is_err() {
        window.begin();
    }
}

impl Window {
    fn begin(self: &Rc<Self>) {
        if !self.reads.replace(true) {
            self.read();
        }
    }
}

/// `navigator.locks.request(name, granted)`
fn ask(name: &str, granted: &JsValue) -> Result<(), JsValue> {
    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into());
    let locks = get(&get(&window(), "navigator")?, "locks")?;
    let request: js_sys::Function = get(&locks, "request")?.dyn_into()?;
    request.call2(&locks, &name.into(), granted).map(drop)
}
