//! One typed input per step. `input!` makes, from one list of fields, what is read from a form
//! (or from a JSON body), the tokens by which pages draw the fields, what is kept of a refused
//! form, and the limits: a misspelt field, or one of another step, does not compile.
//!
//! ```compile_fail
//! casework::commands::DeclineInput::explanation();
//! ```

mod drawn;
mod sent;
mod value;

pub use drawn::{drawn, held, is_as_drawn, plain};
pub use sent::{
    BACK, CASE, CHOSEN, DRAWN, DRAWN_FOR, FORM, KEPT, ONCE, PLUMBING, SEEN, Sent, TAKEN,
};
pub use value::{SecretText, Value};

use crate::{Error, Result, text::clean};
use std::{collections::BTreeMap, fmt::Display, marker::PhantomData, str::FromStr};
use workflow::form::Problem;

/// What a person, a program or a form hands to one step.
pub trait Input: Sized + Send + 'static {
    /// The step's name: its form is sent to `/do/<STEP>`.
    const STEP: &'static str;
    /// Every field, in the order of the form.
    const FIELDS: &'static [Spec];
    /// Whether a form that came too late (the session had ended) is carried out once its owner is
    /// back, rather than shown to be sent again.
    const RESUMES: bool;
    /// Whether it is carried out as often as its form is sent: for what changes nothing more the
    /// second time (signing in, and texts that are saved as they stand).
    const REPEATS: bool;
    /// On what the step is: [`OnCase`], [`OnDesk`] or [`ByVisitor`].
    type On: On;

    /// Reads the step's own fields; fields it does not have are passed over (ASVS 15.3.3).
    ///
    /// # Errors
    /// [`Error::Input`] with everything that is missing or too long, in the person's words;
    /// [`Error::Malformed`] for what no form of ours can have sent.
    fn read(sent: &Sent) -> Result<Self>;
}

/// On what a step is.
pub trait On {
    /// Whether people take it who are not signed in.
    const BY_VISITOR: bool = false;
}

impl On for OnCase {}

impl On for OnDesk {}

impl On for ByVisitor {
    const BY_VISITOR: bool = true;
}

/// A step on a case: its form carries the case, and the version that the person saw.
#[derive(Clone, Copy, Debug)]
pub struct OnCase;

/// A step on anything else.
#[derive(Clone, Copy, Debug)]
pub struct OnDesk;

/// A step for people who are not signed in.
#[derive(Clone, Copy, Debug)]
pub struct ByVisitor;

/// How a field is treated.
#[derive(Clone, Copy, Debug)]
pub enum Sort {
    /// Typed or chosen by a person: kept when the form is refused, and shown again.
    Typed,
    /// A password, token or code: never kept, logged or shown again.
    Secret,
    /// Carried by the page: not kept, except by inputs that resume.
    Hidden,
    /// Any number of typed texts, each under its key behind this prefix; which keys there can be.
    Keyed {
        prefix: &'static str,
        fits: fn(&str) -> bool,
    },
}

/// One field of an input.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Its name in forms and JSON bodies.
    pub name: &'static str,
    /// Its name to people.
    pub label: &'static str,
    pub sort: Sort,
    /// The longest text, in characters.
    pub most: usize,
}

/// The longest text of a field where nothing else is said, in characters.
pub const LONGEST: usize = workflow::decide::LONGEST_TEXT;

/// The token of a typed field of `I`.
#[derive(Debug)]
pub struct Field<I, T>(Spec, PhantomData<fn() -> (I, T)>);

/// The token of a secret of `I`.
#[derive(Debug)]
pub struct SecretField<I>(Spec, PhantomData<fn() -> I>);

/// The token of a field that a form of `I` carries unseen.
#[derive(Debug)]
pub struct HiddenField<I, T>(Spec, PhantomData<fn() -> (I, T)>);

/// The token of a group of texts of `I`, by key.
#[derive(Debug)]
pub struct KeyedField<I, K>(Spec, PhantomData<fn() -> (I, K)>);

macro_rules! tokens {
    ($($token:ident<$($of:ident),+>)+) => {$(
        impl<$($of),+> $token<$($of),+> {
            /// For `input!` alone.
            #[doc(hidden)]
            pub const fn new(spec: Spec) -> Self {
                Self(spec, PhantomData)
            }

            /// Name, label and limit.
            pub const fn spec(&self) -> Spec {
                self.0
            }
        }
    )+};
}

tokens! { Field<I, T> SecretField<I> HiddenField<I, T> KeyedField<I, K> }

/// One text of a group.
#[derive(Debug)]
pub struct KeyedPlace<I> {
    name: String,
    label: &'static str,
    marker: PhantomData<fn() -> I>,
}

impl<I, K: Display> KeyedField<I, K> {
    /// The text under this key.
    pub fn of(&self, key: &K) -> KeyedPlace<I> {
        let prefix = match self.0.sort {
            Sort::Keyed { prefix, .. } => prefix,
            _ => "",
        };
        KeyedPlace {
            name: format!("{prefix}{key}"),
            label: self.0.label,
            marker: PhantomData,
        }
    }
}

/// A place in a form of `I` into which a person types or in which they choose. Secrets are none.
pub trait Place<I> {
    /// The name of the control.
    fn name(&self) -> String;
    /// Its label where the page says nothing else.
    fn label(&self) -> &'static str;
}

impl<I, T> Place<I> for Field<I, T> {
    fn name(&self) -> String {
        self.0.name.to_owned()
    }

    fn label(&self) -> &'static str {
        self.0.label
    }
}

impl<I> Place<I> for KeyedPlace<I> {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn label(&self) -> &'static str {
        self.label
    }
}

/// A field that a button can set.
pub trait Said<I> {
    /// The name under which the button's value is sent.
    fn said_as(&self) -> &'static str;
}

impl<I, T> Said<I> for Field<I, T> {
    fn said_as(&self) -> &'static str {
        self.0.name
    }
}

impl<I, T> Said<I> for HiddenField<I, T> {
    fn said_as(&self) -> &'static str {
        self.0.name
    }
}

/// The texts of a group, by key.
pub type Keyed<K> = BTreeMap<K, String>;

/// Reads the fields of one input and gathers what is wrong with them. Used by `input!`.
#[derive(Debug)]
pub struct Reading<'a> {
    sent: &'a Sent,
    fields: &'static [Spec],
    problems: Vec<Problem>,
    unreadable: bool,
}

impl<'a> Reading<'a> {
    /// Begins with nothing wrong.
    pub const fn new(sent: &'a Sent, fields: &'static [Spec]) -> Self {
        Self {
            sent,
            fields,
            problems: Vec::new(),
            unreadable: false,
        }
    }

    /// A typed field.
    pub fn typed<T: Value>(&mut self, field: &Field<impl Input, T>) -> Option<T> {
        let spec = field.spec();
        let values = cleaned(self.sent, spec.name);
        for value in &values {
            self.measure(spec.name, spec.label, value, spec.most);
        }
        let read = T::read(&borrowed(&values));
        if read.is_none() {
            self.wrong(spec.name, format!("{}: {}", spec.label, T::RULE));
        }
        read
    }

    /// A secret.
    pub fn secret(&mut self, field: &SecretField<impl Input>) -> Option<SecretText> {
        let spec = field.spec();
        let secret = SecretText::from(self.sent.first(spec.name));
        self.measure(spec.name, spec.label, secret.reveal(), spec.most);
        Some(secret)
    }

    /// A field that the page carries.
    pub fn hidden<T: Value>(&mut self, field: &HiddenField<impl Input, T>) -> Option<T> {
        let spec = field.spec();
        let values = self.sent.values(spec.name);
        let read = T::read(&values);
        if read.is_none() {
            if values.iter().all(|value| value.is_empty()) {
                let text = format!(
                    "This form came without \"{}\". Open its page again and send it from there.",
                    spec.name
                );
                self.wrong("", text);
            } else {
                self.unreadable = true;
            }
        }
        read
    }

    /// A group of texts: those whose key can be read, but for the input's other fields.
    pub fn keyed<K: FromStr + Ord>(
        &mut self,
        field: &KeyedField<impl Input, K>,
    ) -> Option<Keyed<K>> {
        let spec = field.spec();
        let mut texts = Keyed::new();
        for (name, key) in keys_of(&spec, self.fields, self.sent) {
            if let Ok(key) = key.parse() {
                let values = cleaned(self.sent, name);
                let text = String::read(&borrowed(&values)).unwrap_or_default();
                self.measure(name, spec.label, &text, spec.most);
                texts.insert(key, text);
            }
        }
        Some(texts)
    }

    fn measure(&mut self, name: &str, label: &str, text: &str, most: usize) {
        // A browser counts a line break once and sends it as two characters.
        let count = text.chars().filter(|character| *character != '\r').count();
        if count > most {
            self.wrong(
                name,
                format!("{label}: shorten it to {most} characters; it has {count}."),
            );
        }
    }

    fn wrong(&mut self, field: &str, text: String) {
        self.problems.push(Problem {
            field: field.to_owned(),
            text,
        });
    }

    /// Everything that is wrong, at once.
    ///
    /// # Errors
    /// As [`Input::read`].
    pub fn finish(self) -> Result<()> {
        if self.unreadable {
            Err(Error::Malformed)
        } else if self.problems.is_empty() {
            Ok(())
        } else {
            Err(Error::Input {
                problems: self.problems,
            })
        }
    }
}

/// Everything typed under a name, without what cannot be seen.
fn cleaned(sent: &Sent, name: &str) -> Vec<String> {
    sent.values(name).into_iter().map(clean).collect()
}

fn borrowed(values: &[String]) -> Vec<&str> {
    values.iter().map(String::as_str).collect()
}

/// The names sent that belong to a group, each with its key, once.
fn keys_of<'a>(
    spec: &Spec,
    fields: &'static [Spec],
    sent: &'a Sent,
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let (prefix, fits): (_, fn(&str) -> bool) = match spec.sort {
        Sort::Keyed { prefix, fits } => (prefix, fits),
        _ => ("", |_| false),
    };
    let name = spec.name;
    sent.names().filter_map(move |sent_name| {
        let key = sent_name.strip_prefix(prefix)?;
        let is_own = fields.iter().any(|other| match other.sort {
            // The longer prefix is the more exact one.
            Sort::Keyed { prefix: theirs, .. } => {
                other.name != name && theirs.len() > prefix.len() && sent_name.starts_with(theirs)
            }
            _ => other.name == sent_name,
        });
        (!is_own && is_key(key) && fits(key) && !PLUMBING.contains(&sent_name))
            .then_some((sent_name, key))
    })
}

/// Whether a name can be the key of a template's field, an id or a number.
fn is_key(text: &str) -> bool {
    (1..=80).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// What is kept of one field of a refused form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct KeptField {
    pub name: String,
    /// Its name to people.
    pub label: String,
    /// What was typed or chosen; several where several boxes were ticked.
    pub values: Vec<String>,
}

/// What may be kept of a refused form: the typed fields that its input names, and nothing else. A text of
/// a group is called by the title that `title` knows of its key.
pub fn to_keep(
    fields: &'static [Spec],
    sent: &Sent,
    title: impl Fn(&str) -> Option<String>,
) -> Vec<KeptField> {
    let mut kept = Vec::new();
    for spec in fields {
        match spec.sort {
            Sort::Secret | Sort::Hidden => {}
            Sort::Typed => {
                let values = cleaned(sent, spec.name);
                if !values.is_empty() {
                    kept.push(KeptField {
                        name: spec.name.to_owned(),
                        label: spec.label.to_owned(),
                        values,
                    });
                }
            }
            Sort::Keyed { .. } => {
                for (name, key) in keys_of(spec, fields, sent) {
                    kept.push(KeptField {
                        name: name.to_owned(),
                        label: keyed_label(spec.label, key, title(key)),
                        values: cleaned(sent, name),
                    });
                }
            }
        }
    }
    kept
}

/// `Answer: Data use`; a key that says nothing to people is left out.
fn keyed_label(label: &str, key: &str, title: Option<String>) -> String {
    match title {
        Some(title) => format!("{label}: {title}"),
        None if uuid::Uuid::parse_str(key).is_ok() => label.to_owned(),
        None => format!("{label}: {}", crate::words::spaced(key)),
    }
}

/// What an input that resumes carries unseen: enough to carry it out later.
pub fn to_carry(fields: &'static [Spec], sent: &Sent) -> Vec<(String, String)> {
    fields
        .iter()
        .filter(|spec| matches!(spec.sort, Sort::Hidden))
        .map(|spec| (spec.name.to_owned(), sent.first(spec.name).to_owned()))
        .collect()
}

/// All that a form of these fields says, secrets included: to tell two sendings apart.
pub fn content<'a>(fields: &'static [Spec], sent: &'a Sent) -> Vec<&'a str> {
    let mut content = Vec::new();
    for spec in fields {
        let names: Vec<&str> = match spec.sort {
            Sort::Keyed { .. } => keys_of(spec, fields, sent).map(|(name, _)| name).collect(),
            Sort::Typed | Sort::Secret | Sort::Hidden => vec![spec.name],
        };
        for name in names {
            for value in sent.values(name) {
                content.extend([name, value]);
            }
        }
    }
    content
}

/// Makes the struct of an input, its reading, and a token for each field. A field is
/// `typed NAME: TYPE = "Label"`, optionally `up to LIMIT`; `secret NAME = "Label"`;
/// `hidden NAME: TYPE`; or `keyed NAME: KEY = "Label" after "prefix"`.
macro_rules! input {
    (
        $(#[$meta:meta])*
        pub struct $name:ident for $step:literal $on:ident $($how:ident)? {
            $($(#[$note:meta])* $sort:ident $field:ident $(: $type:ty)?
                $(= $label:literal $(after $prefix:literal)? $(up to $most:expr)?)?;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$note])* pub $field: $crate::input::input!(@type $sort $($type)?),)*
        }

        impl $name {
            $(
                #[doc = concat!("The field `", stringify!($field), "`.")]
                pub const fn $field() -> $crate::input::input!(@token $sort $($type)?) {
                    <$crate::input::input!(@token $sort $($type)?)>::new($crate::input::Spec {
                        name: stringify!($field),
                        label: concat!($($label)?),
                        sort: $crate::input::input!(@sort $sort $($type)? $($(, $prefix)?)?),
                        most: $crate::input::input!(@most $($($most)?)?),
                    })
                }
            )*
        }

        impl $crate::input::Input for $name {
            const STEP: &'static str = $step;
            const FIELDS: &'static [$crate::input::Spec] = &[$(Self::$field().spec()),*];
            const RESUMES: bool = $crate::input::input!(@resumes $($how)?);
            const REPEATS: bool = $crate::input::input!(@repeats $($how)?);
            type On = $crate::input::$on;

            fn read(sent: &$crate::input::Sent) -> $crate::Result<Self> {
                #[allow(unused_mut, reason = "an input may have no fields")]
                let mut reading = $crate::input::Reading::new(sent, Self::FIELDS);
                $(let $field = reading.$sort(&Self::$field());)*
                reading.finish()?;
                Ok(Self { $($field: $field.ok_or($crate::Error::Malformed)?),* })
            }
        }
    };
    (@type secret) => { $crate::input::SecretText };
    (@type keyed $type:ty) => { $crate::input::Keyed<$type> };
    (@type $sort:ident $type:ty) => { $type };
    (@token typed $type:ty) => { $crate::input::Field<Self, $type> };
    (@token secret) => { $crate::input::SecretField<Self> };
    (@token hidden $type:ty) => { $crate::input::HiddenField<Self, $type> };
    (@token keyed $type:ty) => { $crate::input::KeyedField<Self, $type> };
    (@sort typed $type:ty) => { $crate::input::Sort::Typed };
    (@sort secret) => { $crate::input::Sort::Secret };
    (@sort hidden $type:ty) => { $crate::input::Sort::Hidden };
    (@sort keyed $type:ty, $prefix:literal) => {
        $crate::input::Sort::Keyed {
            prefix: $prefix,
            fits: |key| key.parse::<$type>().is_ok(),
        }
    };
    (@most) => { $crate::input::LONGEST };
    (@most $most:expr) => { $most };
    (@resumes) => { false };
    (@resumes repeats) => { false };
    (@resumes resumes) => { true };
    (@repeats) => { false };
    (@repeats repeats) => { true };
    (@repeats resumes) => { true };
}

pub(crate) use input;

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]
mod tests;
