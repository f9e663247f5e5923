//! Sends the files of a form one by one, each with a line of its own that says how far it is and stops
//! it. Without scripts the form sends them itself, and the browser says how far it is.

use leptos::prelude::*;

/// Takes over the field of files with this id. `to` is where they are sent, nothing where its form does
/// that itself; `key` is what the first one is sent under, the others' are counted on from it. A file that
/// is larger than `largest` bytes (a video: `largest_video`) is told of when it is chosen, and not sent.
#[island]
pub fn Upload(
    field: String,
    to: String,
    key: String,
    largest: u64,
    largest_video: u64,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let place = format!("{field}-sending");
    #[cfg(feature = "hydrate")]
    {
        let place = place.clone();
        Effect::new(move |_| {
            let limits = client::Limits {
                largest,
                largest_video,
            };
            client::watch(&field, &place, (to.clone(), key.clone()), limits, said);
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (field, to, key, largest, largest_video);
    view! {
        <div class="sending">
            <div id=place></div>
            <p class="visually-hidden" role="status">
                {said}
            </p>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod client {
    use super::super::listen::listen;
    use leptos::{leptos_dom::helpers::document, prelude::*};
    use std::{
        cell::{Cell, RefCell},
        rc::Rc,
    };
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{
        Element, Event, File, FormData, HtmlElement, HtmlFormElement, HtmlInputElement,
        ProgressEvent, SubmitEvent, XmlHttpRequest,
    };

    const NO_ANSWER: &str = "The desk does not answer; nothing of it was stored. Try again.";
    const STOPPED: &str = "Stopped; nothing of it was stored.";
    const SIGNED_OUT: &str =
        "Not sent: you are signed out. Sign in in another tab, then send it again here.";

    /// In bytes.
    #[derive(Clone, Copy)]
    pub struct Limits {
        pub largest: u64,
        pub largest_video: u64,
    }

    impl Limits {
        /// What is said of a file that is too large.
        fn fault(self, file: &File) -> Option<String> {
            let most = if file.type_().starts_with("video/") {
                self.largest_video
            } else {
                self.largest
            };
            (file.size() > most as f64).then(|| {
                format!(
                    "Too large, not sent: it has {}, at most {} MB can be.",
                    size(file.size()),
                    most >> 20
                )
            })
        }
    }

    /// How far a file is.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Stage {
        /// To be sent next.
        Waits,
        Goes,
        /// Stopped, or not arrived: the button sends it again.
        Held,
        There,
        /// Cannot be sent.
        Refused,
    }

    /// What a form carries without showing it, and is sent with each of its files.
    const CARRIED: [&str; 4] = ["form", "back", "for", "case"];

    /// The line of one file.
    struct Line {
        file: File,
        stage: Cell<Stage>,
        /// Its place among all files that this page has sent: each has a key of its own.
        index: u128,
        item: Element,
        bar: Element,
        words: Element,
        stop: HtmlElement,
        /// Takes the file out of the list again, unless it is on its way or there.
        out: HtmlElement,
    }

    impl Line {
        fn say(&self, state: &str, words: &str) {
            // Neither fails: both are plain attributes and text.
            let _ = self.item.set_attribute("data-state", state);
            self.words.set_text_content(Some(words));
        }

        fn progress(&self, sent: f64) {
            let total = self.file.size();
            let share = if total > 0.0 { sent / total } else { 1.0 };
            let share = share.clamp(0.0, 1.0);
            let _ = self.bar.set_attribute("value", &share.to_string());
            self.words.set_text_content(Some(&format!(
                "{} of {}, {:.0} %",
                size(sent.min(total)),
                size(total),
                (share * 100.0).floor()
            )));
        }

        fn ends(&self, stage: Stage, state: &str, words: &str) {
            self.stage.set(stage);
            // Its name stands in front of it.
            let name = format!("{}: ", self.file.name());
            self.say(state, &sentence(words.strip_prefix(&name).unwrap_or(words)));
            self.stop.set_hidden(true);
            self.out.set_hidden(stage == Stage::There);
            let _ = self.bar.set_attribute("hidden", "");
        }
    }

    /// The form, and what is sent of it.
    struct Sender {
        form: HtmlFormElement,
        /// Where its files are sent, where the form says more than these.
        own: Option<String>,
        /// The key of the first file; those of the others are counted on.
        key: String,
        input: HtmlInputElement,
        /// The ids of what describes the field besides its files.
        described: String,
        place: Element,
        limits: Limits,
        said: RwSignal<String>,
        lines: RefCell<Vec<Rc<Line>>>,
        /// How many files this page has had so far.
        count: Cell<u128>,
        /// Where the desk says to go on once all are there.
        next: RefCell<Option<String>>,
        /// A form of the page, and its button, that goes once all are there.
        after: RefCell<Option<(HtmlFormElement, Option<HtmlElement>)>>,
    }

    pub fn watch(
        field: &str,
        place: &str,
        (to, key): (String, String),
        limits: Limits,
        said: RwSignal<String>,
    ) {
        let found = |id: &str| document().get_element_by_id(id);
        let input = found(field).and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        let Some((input, place)) = input.zip(found(place)) else {
            return;
        };
        let Some(form) = input.form() else { return };
        let sender = Rc::new(Sender {
            form: form.clone(),
            own: (!to.is_empty()).then_some(to),
            key,
            input: input.clone(),
            described: input.get_attribute("aria-describedby").unwrap_or_default(),
            place,
            limits,
            said,
            lines: RefCell::default(),
            count: Cell::new(0),
            next: RefCell::default(),
            after: RefCell::default(),
        });
        let on_change = {
            let sender = Rc::clone(&sender);
            move |_: Event| sender.chosen()
        };
        listen(&input, "change", on_change);
        let on_other_submit = {
            let sender = Rc::clone(&sender);
            move |event: Event| sender.holds_up(&event)
        };
        listen(&document(), "submit", on_other_submit);
        warn_of_chosen(&sender);
        if sender.own.is_some() {
            sender.chosen_before();
            return;
        }
        // What is typed beside it is kept by scripts, so it can stand there.
        with_scripts();
        let chosen = Rc::clone(&sender);
        let on_submit = move |event: Event| {
            let button = event
                .dyn_ref::<SubmitEvent>()
                .and_then(SubmitEvent::submitter);
            let to = button
                .and_then(|button| button.get_attribute("formaction"))
                .unwrap_or_else(|| sender.form.action());
            if sender.lines.borrow().is_empty() {
                // Nothing was chosen: the desk says what follows from that.
                return;
            }
            event.prevent_default();
            event.stop_propagation();
            for line in sender.lines.borrow().iter() {
                if line.stage.get() == Stage::Held {
                    line.stage.set(Stage::Waits);
                }
            }
            sender.point_to_refused();
            sender.go_on(&Rc::from(to));
        };
        listen(&form, "submit", on_submit);
        chosen.chosen_before();
    }

    /// Whoever leaves the page while a file is chosen and not attached is asked first; the form itself
    /// takes it along.
    fn warn_of_chosen(sender: &Rc<Sender>) {
        let goes_along = Rc::new(Cell::new(false));
        let submitted = Rc::clone(&goes_along);
        listen(&sender.form, "submit", move |_: Event| submitted.set(true));
        let sender = Rc::clone(sender);
        listen(&window(), "beforeunload", move |event: Event| {
            let is_chosen =
                |line: &Rc<Line>| matches!(line.stage.get(), Stage::Held | Stage::Waits);
            if !goes_along.take() && sender.lines.borrow().iter().any(is_chosen) {
                event.prevent_default();
            }
        });
    }

    impl Sender {
        /// A browser may have kept the choice over a reload.
        fn chosen_before(self: &Rc<Self>) {
            if self.input.files().is_some_and(|files| files.length() > 0) {
                self.chosen();
            }
        }

        /// A line for each file that is chosen now.
        fn chosen(self: &Rc<Self>) {
            self.place.set_inner_html("");
            let files = self.input.files();
            let files: Vec<File> = files
                .iter()
                .flat_map(|files| (0..files.length()).filter_map(|at| files.get(at)))
                .collect();
            let mut lines = Vec::new();
            if let Some(list) = made("ul", "uploads").filter(|_| !files.is_empty()) {
                for file in files {
                    if let Some(line) = self.line(file).map(Rc::new) {
                        let _ = list.append_child(&line.item);
                        let (sender, this) = (Rc::clone(self), Rc::clone(&line));
                        listen(&line.out, "click", move |_: Event| sender.take_out(&this));
                        lines.push(line);
                    }
                }
                let _ = self.place.append_child(&list);
            }
            let refused: Vec<String> = lines
                .iter()
                .filter(|line| line.stage.get() == Stage::Refused)
                .map(|line| told(line))
                .collect();
            self.said.set(refused.join(" "));
            self.lines.replace(lines);
            self.describe();
        }

        /// A form of the page would leave without files that are chosen and not there yet: they are sent
        /// first, and it goes once all are there. Where one is stopped or refused, it stays.
        fn holds_up(self: &Rc<Self>, event: &Event) {
            let form = event.target();
            let form = form.and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
            let is_own = form.as_ref() == Some(&self.form);
            let Some(form) = form.filter(|_| !is_own || self.own.is_some()) else {
                return;
            };
            if form.method() != "post" || form.action().ends_with("/do/sign_out") {
                return;
            }
            let stages: Vec<Stage> = self
                .lines
                .borrow()
                .iter()
                .map(|line| line.stage.get())
                .collect();
            let is_on_its_way =
                |stage: &Stage| matches!(stage, Stage::Waits | Stage::Goes | Stage::Held);
            let waits = stages.iter().any(is_on_its_way);
            // A refused file stands in the form still: it is taken out before its form goes.
            if !(waits || is_own && stages.contains(&Stage::Refused)) {
                return;
            }
            event.prevent_default();
            let button = event
                .dyn_ref::<SubmitEvent>()
                .and_then(SubmitEvent::submitter);
            let attaches = button.as_ref().is_some_and(|button| self.is_attach(button));
            let after = (!attaches).then_some((form, button));
            self.after.replace(after);
            if !waits {
                self.point_to_refused();
                return;
            }
            for line in self.lines.borrow().iter() {
                if line.stage.get() == Stage::Held {
                    line.stage.set(Stage::Waits);
                }
            }
            if !stages.contains(&Stage::Goes) {
                self.go_on(&Rc::from(self.address()));
            }
        }

        /// Where its files are sent.
        fn address(&self) -> String {
            self.own.clone().unwrap_or_else(|| self.form.action())
        }

        /// Whether a button of the form attaches the files of this field, and does nothing else.
        fn is_attach(&self, button: &Element) -> bool {
            button.get_attribute("name").as_deref() == Some("attach")
                && button.get_attribute("value") == Some(self.input.name())
        }

        /// Without this file; once there is none, nothing was chosen.
        fn take_out(&self, line: &Rc<Line>) {
            line.item.remove();
            self.lines.borrow_mut().retain(|one| !Rc::ptr_eq(one, line));
            if self.lines.borrow().is_empty() {
                self.input.set_value("");
                self.place.set_inner_html("");
            }
            self.said.set(format!("{}: taken out", line.file.name()));
            self.describe();
            // The button that had the focus is gone.
            let _ = self.input.focus();
        }

        /// Where files were refused and none is left to be sent, to the first of them: it is taken out
        /// or another is chosen before the form goes on.
        fn point_to_refused(&self) {
            let lines = self.lines.borrow();
            let waits = lines.iter().any(|line| line.stage.get() == Stage::Waits);
            let refused = lines.iter().find(|line| line.stage.get() == Stage::Refused);
            if let Some(line) = refused.filter(|_| !waits) {
                self.said.set(told(line));
                let _ = line.out.focus();
            }
        }

        /// What is wrong with files belongs to the field, also to who hears it.
        fn describe(&self) {
            let lines = self.lines.borrow();
            let refused = lines
                .iter()
                .filter(|line| line.stage.get() == Stage::Refused);
            let ids: Vec<String> = refused.map(|line| line.item.id()).collect();
            // None of it fails: these are attributes of a field.
            let _ = if ids.is_empty() {
                self.input.remove_attribute("aria-invalid")
            } else {
                self.input.set_attribute("aria-invalid", "true")
            };
            mark_title(!ids.is_empty());
            let all = format!("{} {}", self.described, ids.join(" "));
            let _ = self.input.set_attribute("aria-describedby", all.trim());
        }

        fn line(&self, file: File) -> Option<Line> {
            let (item, name, words) = (
                made("li", "upload")?,
                made("span", "name")?,
                made("span", "meta")?,
            );
            let (bar, stop, out) = (
                made("progress", "")?,
                made("button", "button link")?,
                made("button", "button link")?,
            );
            name.set_text_content(Some(&file.name()));
            bar.set_attribute("max", "1").ok()?;
            bar.set_attribute("value", "0").ok()?;
            bar.set_attribute("hidden", "").ok()?;
            bar.set_attribute("aria-label", &file.name()).ok()?;
            for (button, words) in [(&stop, "Stop"), (&out, "Take out")] {
                button.set_attribute("type", "button").ok()?;
                let label = format!("{words} {}", file.name());
                button.set_attribute("aria-label", &label).ok()?;
                button.set_text_content(Some(words));
            }
            for part in [&name, &bar, &words, &stop, &out] {
                item.append_child(part).ok()?;
            }
            let fault = self.limits.fault(&file);
            let index = self.count.get();
            item.set_id(&format!("{}-{index}", self.place.id()));
            self.count.set(index + 1);
            let line = Line {
                stage: Cell::new(Stage::Waits),
                stop: stop.dyn_into().ok()?,
                out: out.dyn_into().ok()?,
                file,
                index,
                item,
                bar,
                words,
            };
            line.stop.set_hidden(true);
            match fault {
                Some(fault) => line.ends(Stage::Refused, "wrong", &fault),
                None => line.say(
                    "waits",
                    &format!("{}, chosen and not attached yet", size(line.file.size())),
                ),
            }
            Some(line)
        }

        /// Sends the next file that waits. Once there is none: goes on where all are there, else leaves
        /// it to the person.
        fn go_on(self: &Rc<Self>, to: &Rc<str>) {
            let waits = |line: &&Rc<Line>| line.stage.get() == Stage::Waits;
            let line = self.lines.borrow().iter().find(waits).cloned();
            if let Some(line) = line {
                self.lock(true);
                if self.send(&line, to).is_err() {
                    line.ends(Stage::Held, "wrong", NO_ANSWER);
                    self.go_on(to);
                }
                return;
            }
            let (there, all) = {
                let lines = self.lines.borrow();
                let there = lines.iter().filter(|line| line.stage.get() == Stage::There);
                (there.count(), lines.len())
            };
            let next = self.next.borrow().clone();
            let after = self.after.take();
            if self.own.is_some() {
                self.are_there(there, all);
            }
            match after {
                Some((form, button)) if there == all => {
                    // The browser checks it and tells everybody who listens, as for the press itself.
                    let _ = match button {
                        Some(button) => form.request_submit_with_submitter(Some(&button)),
                        None => form.request_submit(),
                    };
                    return;
                }
                Some((_, Some(button))) => self.says_what_stops(&button),
                _ => {}
            }
            match next {
                Some(next) if there == all => {
                    // An address of ours; a browser that does not go leaves the page as it is.
                    let _ = window().location().assign(&next);
                }
                Some(next) if there > 0 => {
                    self.lock(false);
                    self.offer(&next);
                }
                _ => self.lock(false),
            }
        }

        /// What was pressed waits for a file that did not arrive: that is said beside the file, which may
        /// stand in another form. Pressed again, it goes without a file that was refused.
        fn says_what_stops(&self, button: &HtmlElement) {
            let lines = self.lines.borrow();
            let Some(line) = lines.iter().find(|line| line.stage.get() != Stage::There) else {
                return;
            };
            let pressed = button.text_content().unwrap_or_default();
            let words = line.words.text_content().unwrap_or_default();
            line.words.set_text_content(Some(&format!(
                "{words} \"{}\" was stopped for this file, and nothing of it is sent yet: take the file out, or press \"{}\" again.",
                pressed.trim(),
                pressed.trim()
            )));
            self.said.set(told(line));
            let _ = line.out.focus();
        }

        /// What its form is still to be sent with, once `there` of `all` files are attached.
        fn are_there(&self, there: usize, all: usize) {
            if there == all {
                // None goes with the form again.
                self.input.set_value("");
            } else if let Ok(event) = Event::new("input") {
                // The form stays, and so does what is typed in it: it is saved as after any key.
                let _ = self.form.dispatch_event(&event);
            }
        }

        /// The way on with those files that are there.
        fn offer(&self, next: &str) {
            let Some(link) = made("a", "button quiet") else {
                return;
            };
            // Neither can fail.
            let _ = link.set_attribute("href", next);
            link.set_text_content(Some("Go on with what is attached"));
            if let Some(before) = self.place.query_selector("a").ok().flatten() {
                before.remove();
            }
            let _ = self.place.append_child(&link);
        }

        /// While something is sent, nothing else is chosen or sent.
        fn lock(&self, locked: bool) {
            self.input.set_disabled(locked);
            let elements = self.form.elements();
            for at in 0..elements.length() {
                let button = elements.item(at).filter(|one| {
                    one.tag_name() == "BUTTON"
                        && one.get_attribute("type").as_deref() != Some("button")
                        && (self.own.is_none() || self.is_attach(one))
                });
                if let Some(button) = button {
                    let _ = button.toggle_attribute_with_force("disabled", locked);
                }
            }
        }

        fn send(self: &Rc<Self>, line: &Rc<Line>, to: &Rc<str>) -> Result<(), JsValue> {
            let body = self.body(line)?;
            let request = XmlHttpRequest::new()?;
            request.open("POST", to)?;
            request.set_request_header("Accept", "application/json")?;
            line.stage.set(Stage::Goes);
            line.bar.remove_attribute("hidden")?;
            let _ = line.item.set_attribute("data-state", "goes");
            line.progress(0.0);
            line.stop.set_hidden(false);
            line.out.set_hidden(true);
            let upload = request.upload()?;
            let on_progress = {
                let line = Rc::clone(line);
                move |event: Event| {
                    if let Some(event) = event.dyn_ref::<ProgressEvent>() {
                        line.progress(event.loaded());
                    }
                }
            };
            listen(&upload, "progress", on_progress);
            let on_sent = {
                let line = Rc::clone(line);
                move |_: Event| {
                    // From here on the desk has it: stopping would undo nothing.
                    line.progress(line.file.size());
                    line.say("goes", "Sent; it is being looked at …");
                    line.stop.set_hidden(true);
                }
            };
            listen(&upload, "load", on_sent);
            let on_end = {
                let (sender, line) = (Rc::clone(self), Rc::clone(line));
                let (request, to) = (request.clone(), Rc::clone(to));
                move |event: Event| {
                    sender.ended(&line, &request, &event.type_());
                    sender.go_on(&to);
                }
            };
            for event in ["load", "error", "abort"] {
                listen(&request, event, on_end.clone());
            }
            let press = {
                let request = request.clone();
                move |_: Event| {
                    // It has been sent, so it can be stopped.
                    let _ = request.abort();
                }
            };
            listen(&line.stop, "click", press);
            request.send_with_opt_form_data(Some(&body))
        }

        fn ended(&self, line: &Line, request: &XmlHttpRequest, event: &str) {
            let status = request.status().unwrap_or_default();
            match (event, status) {
                ("abort", _) => line.ends(Stage::Held, "waits", STOPPED),
                ("load", 200..300) => {
                    line.ends(Stage::There, "there", "Attached");
                    self.counts_on();
                    let next = request.get_response_header("Location").ok().flatten();
                    if next.is_some() {
                        self.next.replace(next);
                    }
                }
                ("load", 401) => line.ends(Stage::Held, "wrong", SIGNED_OUT),
                ("load", 400..500) => {
                    let words = message(request).unwrap_or_else(|| NO_ANSWER.to_owned());
                    line.ends(Stage::Refused, "wrong", &words);
                }
                _ => line.ends(Stage::Held, "wrong", NO_ANSWER),
            }
            self.said.set(told(line));
            self.describe();
        }

        /// The case has changed by its file alone: that is no other than what the page shows.
        fn counts_on(&self) {
            let Some(seen) = self.carried("seen") else {
                return;
            };
            if let Ok(version) = seen.value().parse::<u64>() {
                seen.set_value(&(version + 1).to_string());
            }
        }

        /// A field that the form carries without showing it.
        fn carried(&self, name: &str) -> Option<HtmlInputElement> {
            let field = self.form.elements().named_item(name)?;
            field.dyn_into::<HtmlInputElement>().ok()
        }

        /// The form with this one file, under a key of its own.
        fn body(&self, line: &Line) -> Result<FormData, JsValue> {
            let body = FormData::new()?;
            body.append_with_str("once", &key(&self.key, line.index))?;
            for field in CARRIED.iter().filter_map(|name| self.carried(name)) {
                body.append_with_str(&field.name(), &field.value())?;
            }
            body.append_with_blob_and_filename(&self.input.name(), &line.file, &line.file.name())?;
            Ok(body)
        }
    }

    /// Shows what stands on the page for those with scripts alone, in place of what is for others.
    fn with_scripts() {
        for (mark, hidden) in [
            ("[data-with-scripts]", false),
            ("[data-without-scripts]", true),
        ] {
            let found = document().query_selector_all(mark).ok();
            for at in 0..found.as_ref().map_or(0, web_sys::NodeList::length) {
                let element = found.as_ref().and_then(|found| found.item(at));
                if let Some(element) = element.and_then(|one| one.dyn_into::<HtmlElement>().ok()) {
                    element.set_hidden(hidden);
                }
            }
        }
    }

    /// The key of the `index`-th file: the first one's, counted on.
    fn key(once: &str, index: u128) -> String {
        let digits: String = once.chars().filter(|character| *character != '-').collect();
        match u128::from_str_radix(&digits, 16) {
            Ok(key) => format!("{:032x}", key.wrapping_add(index)),
            Err(_) => once.to_owned(),
        }
    }

    /// Says in front of the page's title whether something is wrong on it, as the desk does.
    fn mark_title(wrong: bool) {
        const ERROR: &str = "Error: ";
        let title = document().title();
        let plain = title.strip_prefix(ERROR).unwrap_or(&title);
        let still = document()
            .query_selector("[aria-invalid=true]")
            .ok()
            .flatten()
            .is_some();
        let title = match wrong || still {
            true => format!("{ERROR}{plain}"),
            false => plain.to_owned(),
        };
        document().set_title(&title);
    }

    /// With a capital letter in front.
    fn sentence(words: &str) -> String {
        let mut letters = words.chars();
        let first = letters.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(letters).collect()
    }

    fn told(line: &Line) -> String {
        let words = line.words.text_content().unwrap_or_default();
        format!("{}: {words}", line.file.name())
    }

    /// Why the desk refused a file, in its words.
    fn message(request: &XmlHttpRequest) -> Option<String> {
        let text = request.response_text().ok()??;
        let told = js_sys::JSON::parse(&text).ok()?;
        let message = js_sys::Reflect::get(&told, &"message".into()).ok()?;
        message.as_string().filter(|message| !message.is_empty())
    }

    fn made(tag: &str, class: &str) -> Option<Element> {
        let made = document().create_element(tag).ok()?;
        made.set_class_name(class);
        Some(made)
    }

    /// As `size_text` on the server has it: `812 bytes`, `34 kB`, `1.2 MB`.
    fn size(bytes: f64) -> String {
        if bytes < 1e3 {
            let ending = if bytes.round() == 1.0 { "" } else { "s" };
            format!("{bytes:.0} byte{ending}")
        } else if bytes < 1e6 {
            format!("{:.0} kB", bytes / 1e3)
        } else {
            format!("{:.1} MB", bytes / 1e6)
        }
    }
}
