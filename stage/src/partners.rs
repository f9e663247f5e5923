//! The demo's partnerships in every state beside those of the gallery: one applies, one waits for its
//! decision, one was declined, and the users of three have gone, each for longer.

use super::{
    PASSWORD,
    script::{Script, Step},
    stage::Stage,
};
use casework::{
    Error, Result,
    commands::set_setting,
    partners::{
        commands::{
            DecidePartnerInput, ProposePartnerInput, PublishAppInput, apply_partner,
            decide_partner, propose_partner, publish_app,
        },
        queries::{partner, to_decide},
    },
    queries::admin_settings::admin_settings,
};
use workflow::state::{AccessLevel, Seat, Track};

/// One step on the partnership of an app.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    /// Its owner says where it can be got, and applies.
    Apply,
    /// A partner manager proposes to approve, or to decline.
    Propose(bool),
    Decide(bool),
}

/// Deeds, each with how many business days ago it was done.
type Deeds = &'static [(u16, Deed)];

/// How the partnership of each app ends up: how many business days ago it was approved, and the deeds
/// with theirs.
const APPS: [(&str, u16, Deeds); 7] = [
    // Could apply, and has not.
    ("marisma", 31, &[]),
    ("dawnlog", 30, &[(2, Deed::Apply)]),
    ("marea", 29, &[(6, Deed::Apply), (3, Deed::Propose(true))]),
    (
        "quest",
        28,
        &[
            (20, Deed::Apply),
            (18, Deed::Propose(false)),
            (16, Deed::Decide(false)),
        ],
    ),
    ("vereda", 50, JOINS),
    ("nattljus", 51, JOINS),
    ("gull", 52, JOINS),
];

const JOINS: &[(u16, Deed)] = &[
    (49, Deed::Apply),
    (48, Deed::Propose(true)),
    (47, Deed::Decide(true)),
];

/// Apps that nobody uses any more, since how many days before the end.
pub(super) const LEFT: [(&str, i64); 3] =
    [("Vereda Walks", 20), ("Nattljus", 36), ("Gull Notes", 58)];

/// Their stories.
pub(super) fn all(script: &mut Script) {
    for (app, approved, deeds) in APPS {
        let mut story = script
            .app(app)
            .on(approved + 7)
            .apply(AccessLevel::Full)
            .on(approved + 6)
            .then(Step::Submit)
            .on(approved + 5)
            .complete("lena")
            .on(approved + 4)
            .commercial("rosa")
            .on(approved + 3)
            .take("olena", Seat::Technical)
            .pass("olena", Track::Technical)
            .on(approved + 1)
            .then(Step::AcceptDla)
            .on(approved)
            .then(Step::Approve("priya", ""));
        for (day, deed) in deeds {
            story = story.on(*day).then(Step::Partner(*deed));
        }
    }
}

/// The demo's past is short: whom nobody uses is warned, rests and ends within it.
pub(super) async fn fall_sooner(stage: &Stage) -> Result<()> {
    let admin = stage.person("dana")?;
    for (key, days) in [
        ("partner_active_days", "14"),
        ("partner_rest_days", "14"),
        ("partner_end_days", "21"),
    ] {
        let settings = admin_settings(&stage.desk, admin).await?;
        let seen = settings
            .into_iter()
            .find(|view| view.setting.key == key)
            .ok_or(Error::NotFound)?
            .seen;
        let reason = "Shorter in the first year";
        set_setting(&stage.desk, admin, key, days, "", reason, &seen).await?;
    }
    Ok(())
}

impl Stage {
    /// Plays one step on the partnership of this app.
    pub(super) async fn partner(&self, key: &str, deed: Deed) -> Result<()> {
        let app = self.app(key)?;
        let (desk, owner) = (&self.desk, self.owner(key)?);
        let (manager, approver) = (self.person("mira")?, self.person("anders")?);
        match deed {
            Deed::Apply => {
                let publication = PublishAppInput {
                    app,
                    version: 0,
                    available: desk.now().date().to_string(),
                    links: format!("https://apps.example.com/{key}"),
                    contact: "https://halden.example/help".to_owned(),
                };
                publish_app(desk, owner, &publication).await?;
                let statement = "One of us answers mails on weekdays, within a day.";
                apply_partner(desk, owner, app, statement).await
            }
            Deed::Propose(approve) => {
                let waiting = partner(desk, manager, app).await?.application;
                let reasons = if approve {
                    "Used every day, and its users are answered."
                } else {
                    "The store page sells another app than the one that we approved."
                };
                let proposal = ProposePartnerInput {
                    app,
                    version: waiting.ok_or(Error::NotFound)?.version,
                    approve,
                    reasons: reasons.to_owned(),
                };
                propose_partner(desk, manager, &proposal).await
            }
            Deed::Decide(approve) => {
                let found = to_decide(desk, approver, app).await?;
                let application = found.view.application.ok_or(Error::NotFound)?;
                let note = if approve {
                    "As proposed."
                } else {
                    "The store page must be about the app that has Full Access. Change it and apply again."
                };
                let decision = DecidePartnerInput {
                    app,
                    version: application.version,
                    seen: found.seen,
                    approve,
                    note: note.to_owned(),
                    password: PASSWORD.into(),
                    code: "".into(),
                };
                decide_partner(desk, approver, &decision).await.map(drop)
            }
        }
    }
}
