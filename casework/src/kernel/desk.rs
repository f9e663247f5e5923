//! The desk: everything a command or query needs, in one value that is cheap to clone.

use crate::{
    Error, Result, Sending, Taking,
    accounts::{Asked, Signing},
    conditions::Conditions,
    database::Database,
    digest::code,
    gallery::Gallery,
    guides::Takes,
    live::Live,
    log::{Log, Seal},
    office::queries::EventNames,
    policy::Policy,
    queries::queue,
    reference::Reference,
};
use object_store::ObjectStore;
use std::{
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::Notify;
use url::Url;
use workflow::{Context, PersonId, Timestamp, event::Actor, mailbox::LocalParts};

/// Where time comes from. Rules never ask for it; they are told.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the machine's clock is read"
    )]
    fn now(&self) -> Timestamp {
        time::OffsetDateTime::now_utc().into()
    }
}

/// Whether giving the roles that decide, watch or make others waits for a second admin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondAdmin {
    Needed,
    /// One admin suffices: for demos and for desks with one admin.
    NotNeeded,
}

/// What a desk is made of.
pub struct Parts {
    pub database: Database,
    pub clock: Arc<dyn Clock>,
    pub links: Arc<dyn reach::LinkChecker>,
    /// Where uploaded files lie.
    pub storage: Arc<dyn ObjectStore>,
    /// The address under which people reach the desk, for links in mails.
    pub base_url: Url,
    /// Known to this desk's instances alone: session cookies are kept as a code under it.
    pub secret: String,
    pub second_admin: SecondAdmin,
    /// Whether staff set up a second factor before they do anything else.
    pub second_factor_for_staff: bool,
    /// Where the audit trail is published, and with which keys.
    pub log: Log,
}

/// See the module.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
    sending: Option<Arc<Sending>>,
    taking: Taking,
    signing: Option<Signing>,
}

/// The parts with what was loaded from the database.
pub struct Inner {
    pub database: Database,
    pub clock: Arc<dyn Clock>,
    pub links: Arc<dyn reach::LinkChecker>,
    pub storage: Arc<dyn ObjectStore>,
    pub base_url: Url,
    pub(crate) secret: String,
    pub second_admin: SecondAdmin,
    pub second_factor_for_staff: bool,
    pub log: Log,
    /// What keeps the desk from writing.
    pub(crate) seal: Seal,
    pub policy: Policy,
    pub reference: Reference,
    /// What the queue answered last, to whom.
    pub(crate) queue: queue::Memo,
    /// What everybody may see of the gallery.
    pub(crate) gallery: Gallery,
    /// How long applications took.
    pub(crate) takes: Takes,
    /// Which names events have.
    pub(crate) event_names: EventNames,
    /// The pages that are told what happens, as it happens.
    pub(crate) live: Live,
    /// Told when new mail lies in the outbox.
    pub mail: Notify,
    /// Told when search documents are to be written.
    pub search: Notify,
    /// Told when a bulk run is to be looked at or carried out.
    pub bulk: Notify,
    /// Told when somebody may no longer be able to do the work they hold.
    pub staff_changed: Notify,
    /// Whether the mail server takes letters outside ASCII before the `@`, as far as is known.
    pub(crate) mail_takes_utf8: AtomicBool,
    /// What is wrong at the moment though the desk goes on.
    pub conditions: Conditions,
    /// Held by the one verification of the trail that this process makes at a time.
    pub(crate) verifying: tokio::sync::Mutex<()>,
}

impl Deref for Desk {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Desk {
    /// Opens a desk on a migrated database.
    ///
    /// # Errors
    /// When the policy or the reference data cannot be read.
    pub async fn open(parts: Parts) -> Result<Self> {
        let policy = Policy::load(&parts.database, parts.clock.now()).await?;
        let conditions = Conditions::default();
        let reference = Reference::load(&parts.database, &conditions, parts.clock.now()).await?;
        let inner = Arc::new(Inner {
            database: parts.database,
            clock: parts.clock,
            links: parts.links,
            storage: parts.storage,
            base_url: parts.base_url,
            secret: parts.secret,
            second_admin: parts.second_admin,
            second_factor_for_staff: parts.second_factor_for_staff,
            log: parts.log,
            seal: Seal::default(),
            policy,
            reference,
            queue: queue::Memo::default(),
            gallery: Gallery::default(),
            takes: Takes::default(),
            event_names: EventNames::default(),
            live: Live::default(),
            mail: Notify::new(),
            search: Notify::new(),
            bulk: Notify::new(),
            staff_changed: Notify::new(),
            mail_takes_utf8: AtomicBool::new(false),
            conditions,
            verifying: tokio::sync::Mutex::default(),
        });
        Ok(Self {
            inner,
            sending: None,
            taking: Taking::Alone,
            signing: None,
        })
    }

    /// The same desk, carrying out one form: every step that is begun on it claims the form's key.
    pub fn carrying_out(&self, sending: Arc<Sending>) -> Self {
        Self {
            sending: Some(sending),
            ..self.clone()
        }
    }

    /// The same desk, for what is noted though the form is refused.
    pub fn apart(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            sending: None,
            taking: Taking::Alone,
            signing: None,
        }
    }

    /// The same desk, taking the steps that are begun on it in another way.
    pub(crate) fn taking(&self, taking: Taking) -> Self {
        Self {
            taking,
            ..self.apart()
        }
    }

    /// The same desk, on which steps are only tried, to see what else is wrong with a form
    /// ([`Error::Preview`] where nothing is).
    pub fn trying(&self) -> Self {
        self.taking(Taking::Tried)
    }

    /// The same desk, on which a signed step is only tried, and where what a passkey is to sign then
    /// lies ([`Error::Preview`]).
    pub fn asking_to_sign(&self) -> (Self, Arc<OnceLock<Asked>>) {
        let slot = Arc::default();
        let tried = Self {
            signing: Some(Signing::Asking(Arc::clone(&slot))),
            ..self.taking(Taking::Tried)
        };
        (tried, slot)
    }

    /// The same desk, on which a step is taken with what a passkey has signed.
    pub(crate) fn signed_with(&self, signing: Signing) -> Self {
        Self {
            signing: Some(signing),
            ..self.clone()
        }
    }

    /// How the step that is begun on it is signed; none where a password is asked for.
    pub(crate) const fn signing(&self) -> Option<&Signing> {
        self.signing.as_ref()
    }

    /// How the steps that are begun on it are taken.
    pub(crate) const fn takes(&self) -> Taking {
        self.taking
    }

    /// The same desk, carrying out a form whose content is known only now (a file that has arrived).
    pub(crate) fn saying(&self, content: &[&str]) -> Self {
        let sending = self.sending().map(|sending| sending.saying(self, content));
        Self {
            sending: sending.map(Arc::new),
            ..self.clone()
        }
    }

    /// The form that is being carried out, if it is one.
    pub(crate) fn sending(&self) -> Option<&Sending> {
        self.sending.as_deref()
    }

    /// Where the form that is being carried out led when this person sent it before; none if that
    /// is not known.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn led_before(&self, person: Option<PersonId>) -> Result<Option<String>> {
        match self.sending() {
            Some(sending) => sending.where_it_led(self, person).await,
            None => Ok(None),
        }
    }

    /// What a page says for whom it was drawn: nobody else's session carries its forms out.
    pub fn drawn_for(&self, person: PersonId) -> String {
        format!("{person}.{}", self.drawn_for_code(person))
    }

    /// For whom a form says that its page was drawn; none unless this desk wrote it.
    pub fn is_drawn_for(&self, text: &str) -> Option<PersonId> {
        let (person, code) = text.split_once('.')?;
        let person = person.parse().ok()?;
        (self.drawn_for_code(person) == code).then_some(person)
    }

    fn drawn_for_code(&self, person: PersonId) -> String {
        code(&self.secret, &["drawn for", &person.to_string()])
    }

    /// What the address of a page says besides the word of a notice: that the desk told this browser
    /// so, on this page.
    pub fn code_of_notice(&self, word: &str, browser: &str, page: &str) -> String {
        let mut code = code(&self.secret, &["notice", word, browser, page]);
        code.truncate(16);
        code
    }

    /// A desk on the same records under another clock and another web: for stories and tests.
    ///
    /// # Errors
    /// When the policy or the reference data cannot be read.
    pub async fn under(
        &self,
        clock: Arc<dyn Clock>,
        links: Arc<dyn reach::LinkChecker>,
    ) -> Result<Self> {
        Self::open(Parts {
            database: self.database.clone(),
            clock,
            links,
            storage: self.storage.clone(),
            base_url: self.base_url.clone(),
            secret: self.secret.clone(),
            second_admin: self.second_admin,
            second_factor_for_staff: self.second_factor_for_staff,
            log: self.log.clone(),
        })
        .await
    }

    /// What was found wrong with the trail; while there is anything, nothing is written.
    pub fn sealed_by(&self) -> Vec<trail::Fault> {
        self.seal.reasons()
    }

    /// Whether anything may be appended to the trail.
    ///
    /// # Errors
    /// [`Error::Sealed`] while it is not what it was.
    pub(crate) fn writes(&self) -> Result<()> {
        match self.seal.is_set() {
            true => Err(Error::Sealed),
            false => Ok(()),
        }
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Which addresses can be written to from here.
    pub fn local_parts(&self) -> LocalParts {
        if self.mail_takes_utf8.load(Ordering::Relaxed) {
            LocalParts::Any
        } else {
            LocalParts::Ascii
        }
    }

    /// Takes over what other instances have published since: policy, templates, settings.
    ///
    /// # Errors
    /// When the reference data cannot be read; then the old stays in force.
    pub async fn refresh(&self) -> Result<()> {
        let now = self.now();
        self.policy.refresh(&self.database, now).await;
        self.reference
            .refresh(&self.database, &self.conditions, now)
            .await
    }
}

/// A decision's context from the reference data in force.
pub fn context(known: &crate::reference::Known, now: Timestamp, actor: Actor) -> Context<'_> {
    Context {
        now,
        actor,
        calendar: &known.calendar,
        settings: &known.settings,
        lists: &known.lists,
    }
}
