//! Everything that a person can ask to do or to see: the policy's one list of acts. A new act has a
//! word and a class here, or it does not compile; what staff do is denied to those in conflict of
//! interest by its class.

use workflow::{
    ActionKind, gallery, support,
    transition::{self, Signature, StepSide},
};

macro_rules! acts {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

acts! {
    /// What is asked of a case besides its steps.
    CaseAct {
        /// Know of it.
        Read = "read",
        /// See what its developers have not handed in.
        ReadDraft = "read_draft",
        /// See what staff work with: checklists, notes, who does what.
        ReadInternal = "read_internal",
        /// Take its whole record away as a file.
        Export = "export",
        /// Give a responsibility to someone else.
        AssignOthers = "assign_others",
        /// Waive findings of either track.
        WaiveAny = "waive_any",
        /// Put tags on it and take them off.
        Tag = "tag",
        /// Take it out of one's own list for a while.
        Snooze = "snooze",
        /// Write to its developers that it is their turn.
        RemindDeveloper = "remind_developer",
        /// Close a change of one of its pages.
        ReviewChange = "review_change",
        /// Answer what was asked about a change of one of its pages.
        AnswerChange = "answer_change",
        /// Ask whether it is stuck.
        AskStuck = "ask_stuck",
        /// Answer whether it is.
        AnswerStuck = "answer_stuck",
    }
}

acts! {
    /// What is asked of an app.
    AppAct {
        Create = "create",
        Read = "read",
        Edit = "edit",
        /// Invite, change and remove members.
        ManageMembers = "manage_members",
        ReplaceSecret = "replace_secret",
        /// Start an application.
        Apply = "apply",
        /// End one's own membership.
        Leave = "leave",
        /// Accept or decline an invitation to become a member.
        AnswerInvitation = "answer_invitation",
        /// Confirm that contacts and use are as approved.
        Attest = "attest",
    }
}

acts! {
    /// What is asked of a support request besides its steps.
    SupportAct {
        /// Open one.
        Open = "open",
        /// See it as who opened it.
        Read = "read",
        /// See what only our side sees of it.
        ReadInternal = "read_internal",
        /// See all of them.
        ReadQueue = "read_queue",
        /// Make an article of one.
        WriteArticle = "write_article",
        /// Give an article to everybody, or refuse to.
        ReleaseArticle = "release_article",
    }
}

acts! {
    /// What is asked of the partnership of an app.
    PartnerAct {
        /// See it as a member of the app.
        Read = "read",
        /// See it as one of ours.
        ReadInternal = "read_internal",
        /// Say since when and where the app can be got.
        Publish = "publish",
        /// Say that the support contact is right.
        ConfirmContact = "confirm_contact",
        Apply = "apply",
        Leave = "leave",
        /// Accept a newer version of the agreement.
        Reaccept = "reaccept",
        Propose = "propose",
        /// Take a proposal back before it is decided.
        TakeBack = "take_back",
        Decide = "decide",
    }
}

acts! {
    /// What is asked of an entry in the gallery besides its steps.
    GalleryAct {
        /// See it as who writes it.
        Read = "read",
        /// See it as who looks at it.
        ReadInternal = "read_internal",
        /// See all of them.
        ReadQueue = "read_queue",
    }
}

acts! {
    /// What is asked of the desk as a whole.
    DeskAct {
        ReadQueue = "read_queue",
        /// Take one step on many cases of the queue.
        WorkInBulk = "work_in_bulk",
        /// Say on which days oneself is away.
        PlanAbsence = "plan_absence",
        TakeBackAbsence = "take_back_absence",
        /// Say with which organisation oneself is in conflict of interest.
        DeclareConflict = "declare_conflict",
        /// See who holds how much and who is away, and say so for others.
        ManageWorkload = "manage_workload",
        /// See all partnerships.
        ReadPartners = "read_partners",
        ReadAudit = "read_audit",
        ExportAudit = "export_audit",
        ManagePeople = "manage_people",
        ManageAgreements = "manage_agreements",
        ReadAgreements = "read_agreements",
        ManageTemplates = "manage_templates",
        ReadTemplates = "read_templates",
        ManageSettings = "manage_settings",
        ManageMail = "manage_mail",
        /// Let the portal's gateways in.
        ManageGateways = "manage_gateways",
        /// Publish open pages.
        ManageGuides = "manage_guides",
        /// Publish what support answers again and again.
        ManageCannedTexts = "manage_canned_texts",
        /// Say which tags there are.
        ManageTags = "manage_tags",
        /// Save views of the queue for all of our side.
        ShareViews = "share_views",
        /// See the versions of open pages.
        ReadGuides = "read_guides",
    }
}

/// One question to the policy, without who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Act {
    /// A step of the workflow.
    Step(ActionKind),
    Case(CaseAct),
    App(AppAct),
    Desk(DeskAct),
    /// A step on a support request.
    Request(support::ActionKind),
    Support(SupportAct),
    Partner(PartnerAct),
    /// A step on an entry of the gallery.
    Entry(gallery::ActionKind),
    Gallery(GalleryAct),
}

/// Of what kind an act is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The developer's own.
    Developer,
    /// Of staff: denied to those in conflict of interest.
    Staff,
    /// Of staff, and it decides: denied also to those who reviewed the case (four eyes).
    Decision,
    /// The desk's own clock.
    Clock,
    /// Of both sides alike: only to know that there is such a case.
    Either,
}

impl Class {
    /// As the policy's rows match it; a decision is an act of staff too.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Staff => "staff",
            Self::Decision => "staff|decision",
            Self::Clock => "clock",
            Self::Either => "either",
        }
    }
}

impl Act {
    /// Every act there is.
    pub fn all() -> impl Iterator<Item = Self> {
        let steps = ActionKind::ALL.iter().copied().map(Self::Step);
        let case = CaseAct::ALL.iter().copied().map(Self::Case);
        let app = AppAct::ALL.iter().copied().map(Self::App);
        let desk = DeskAct::ALL.iter().copied().map(Self::Desk);
        let requests = support::ActionKind::ALL.iter().copied().map(Self::Request);
        let support = SupportAct::ALL.iter().copied().map(Self::Support);
        let partners = PartnerAct::ALL.iter().copied().map(Self::Partner);
        let entries = gallery::ActionKind::ALL.iter().copied().map(Self::Entry);
        let gallery = GalleryAct::ALL.iter().copied().map(Self::Gallery);
        steps
            .chain(case)
            .chain(app)
            .chain(desk)
            .chain(requests)
            .chain(support)
            .chain(partners)
            .chain(entries)
            .chain(gallery)
    }

    /// What is acted on, as the policy's rows call it.
    pub const fn object(self) -> &'static str {
        match self {
            Self::Step(_) | Self::Case(_) => "case",
            Self::App(_) => "app",
            Self::Desk(_) => "desk",
            Self::Request(_) | Self::Support(_) => "request",
            Self::Partner(_) => "partner",
            Self::Entry(_) | Self::Gallery(_) => "entry",
        }
    }

    /// The verb, as the policy's rows call it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Step(kind) => kind.word(),
            Self::Case(act) => act.word(),
            Self::App(act) => act.word(),
            Self::Desk(act) => act.word(),
            Self::Request(kind) => kind.word(),
            Self::Support(act) => act.word(),
            Self::Partner(act) => act.word(),
            Self::Entry(kind) => kind.word(),
            Self::Gallery(act) => act.word(),
        }
    }

    /// Of what kind it is. That of a step follows from its row in the transition table.
    pub const fn class(self) -> Class {
        match self {
            Self::Step(kind) => {
                let row = transition::of(kind);
                match (row.side, row.signature) {
                    (StepSide::Developer, _) => Class::Developer,
                    (StepSide::Clock, _) => Class::Clock,
                    (StepSide::Staff, Signature::OfRecord) => Class::Decision,
                    (StepSide::Staff, Signature::NotNeeded | Signature::OfAgreement) => {
                        Class::Staff
                    }
                }
            }
            Self::Case(act) => match act {
                CaseAct::Read => Class::Either,
                CaseAct::ReadDraft | CaseAct::AnswerChange | CaseAct::AskStuck => Class::Developer,
                CaseAct::ReadInternal
                | CaseAct::Export
                | CaseAct::AssignOthers
                | CaseAct::WaiveAny
                | CaseAct::Tag
                | CaseAct::Snooze
                | CaseAct::RemindDeveloper
                | CaseAct::ReviewChange
                | CaseAct::AnswerStuck => Class::Staff,
            },
            Self::App(act) => match act {
                AppAct::Create
                | AppAct::Read
                | AppAct::Edit
                | AppAct::ManageMembers
                | AppAct::ReplaceSecret
                | AppAct::Apply
                | AppAct::Leave
                | AppAct::AnswerInvitation
                | AppAct::Attest => Class::Developer,
            },
            Self::Request(kind) => match support::of(kind).side {
                StepSide::Developer => Class::Developer,
                StepSide::Staff => Class::Staff,
                StepSide::Clock => Class::Clock,
            },
            Self::Support(act) => match act {
                SupportAct::Open | SupportAct::Read => Class::Developer,
                SupportAct::ReadInternal
                | SupportAct::ReadQueue
                | SupportAct::WriteArticle
                | SupportAct::ReleaseArticle => Class::Staff,
            },
            Self::Partner(act) => match act {
                PartnerAct::Read
                | PartnerAct::Publish
                | PartnerAct::ConfirmContact
                | PartnerAct::Apply
                | PartnerAct::Leave
                | PartnerAct::Reaccept => Class::Developer,
                PartnerAct::ReadInternal | PartnerAct::Propose | PartnerAct::TakeBack => {
                    Class::Staff
                }
                PartnerAct::Decide => Class::Decision,
            },
            Self::Entry(kind) => match gallery::of(kind).side {
                StepSide::Developer => Class::Developer,
                StepSide::Staff => Class::Staff,
                StepSide::Clock => Class::Clock,
            },
            Self::Gallery(act) => match act {
                GalleryAct::Read => Class::Developer,
                GalleryAct::ReadInternal | GalleryAct::ReadQueue => Class::Staff,
            },
            Self::Desk(act) => match act {
                DeskAct::ReadQueue
                | DeskAct::WorkInBulk
                | DeskAct::PlanAbsence
                | DeskAct::TakeBackAbsence
                | DeskAct::DeclareConflict
                | DeskAct::ManageWorkload
                | DeskAct::ReadPartners
                | DeskAct::ReadAudit
                | DeskAct::ExportAudit
                | DeskAct::ManagePeople
                | DeskAct::ManageAgreements
                | DeskAct::ReadAgreements
                | DeskAct::ManageTemplates
                | DeskAct::ReadTemplates
                | DeskAct::ManageSettings
                | DeskAct::ManageMail
                | DeskAct::ManageGateways
                | DeskAct::ManageGuides
                | DeskAct::ManageCannedTexts
                | DeskAct::ManageTags
                | DeskAct::ShareViews
                | DeskAct::ReadGuides => Class::Staff,
            },
        }
    }
}

impl From<ActionKind> for Act {
    fn from(kind: ActionKind) -> Self {
        Self::Step(kind)
    }
}

impl From<CaseAct> for Act {
    fn from(act: CaseAct) -> Self {
        Self::Case(act)
    }
}

impl From<AppAct> for Act {
    fn from(act: AppAct) -> Self {
        Self::App(act)
    }
}

impl From<support::ActionKind> for Act {
    fn from(kind: support::ActionKind) -> Self {
        Self::Request(kind)
    }
}

impl From<SupportAct> for Act {
    fn from(act: SupportAct) -> Self {
        Self::Support(act)
    }
}

impl From<PartnerAct> for Act {
    fn from(act: PartnerAct) -> Self {
        Self::Partner(act)
    }
}

impl From<gallery::ActionKind> for Act {
    fn from(kind: gallery::ActionKind) -> Self {
        Self::Entry(kind)
    }
}

impl From<GalleryAct> for Act {
    fn from(act: GalleryAct) -> Self {
        Self::Gallery(act)
    }
}

impl From<DeskAct> for Act {
    fn from(act: DeskAct) -> Self {
        Self::Desk(act)
    }
}
