//! What a person is: by role anywhere, and by relation to one case or app. The policy speaks of
//! nothing else.

/// A closed list of words. Where each `says` how people call it, it has a `label` too.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal says $label:literal),+ $(,)? }) => {
        $crate::relation::words! { $(#[$doc])* $name { $($(#[$vdoc])* $variant = $word),+ } }

        impl $name {
            /// As people call it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of policy, database and query string.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The reverse of `word`.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a person may be anywhere. A person may hold several.
    Role {
        Developer = "developer",
        Reviewer = "reviewer",
        CommercialReviewer = "commercial_reviewer",
        TechnicalReviewer = "technical_reviewer",
        Lead = "lead",
        Approver = "approver",
        Compliance = "compliance",
        Admin = "admin",
        /// Answers what developers ask.
        Support = "support",
        /// Looks after Digital Health Partners and what they show.
        PartnerManager = "partner_manager",
    }
}

impl Role {
    /// Whether holders sit on the reviewing side.
    pub const fn is_staff(self) -> bool {
        !matches!(self, Self::Developer)
    }

    /// As people call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Developer => "Developer",
            Self::Reviewer => "Reviewer",
            Self::CommercialReviewer => "Commercial reviewer",
            Self::TechnicalReviewer => "Technical reviewer",
            Self::Lead => "Lead",
            Self::Approver => "Approver",
            Self::Compliance => "Compliance",
            Self::Admin => "Admin",
            Self::Support => "Support",
            Self::PartnerManager => "Partner manager",
        }
    }
}

words! {
    /// What a person is to one case and its app.
    Relation {
        /// Member of the app at present: may work on its applications.
        AppMember = "app_member",
        /// Owner of the app.
        AppOwner = "app_owner",
        /// Member with authority to sign for the organisation.
        AppSignatory = "app_signatory",
        /// Invited to become a member of the app: may answer, and nothing else.
        AppInvitee = "app_invitee",
        /// Was ever on the developer's side of the app (member, author, submitter, uploader,
        /// signatory): takes no step of staff there.
        Conflicted = "conflicted",
        /// Responsible for the case at present.
        Assignee = "assignee",
        /// Responsible for the commercial track at present.
        CommercialSeat = "commercial_seat",
        /// Responsible for the technical track at present.
        TechnicalSeat = "technical_seat",
        /// Has done review work on the case, in any round.
        CaseReviewer = "case_reviewer",
        /// Recorded the major finding in question: somebody else waives it.
        FindingRecorder = "finding_recorder",
        /// Opened the support request.
        Requester = "requester",
        /// Wrote the article: somebody else releases it.
        ArticleAuthor = "article_author",
        /// Proposed what is to be decided about a partnership: somebody else decides.
        PartnerProposer = "partner_proposer",
        /// The clock of the desk itself, which lapses and reminds.
        Clock = "clock",
    }
}
