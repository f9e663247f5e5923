//! What a file of an application belongs to: a question of the request form, or what the developer
//! writes about a question or a finding of ours.

use crate::{Case, FindingId, QuestionId, State};

/// What a file belongs to. It is kept with the file as one word ([`FilesOf::key`]); keys of the
/// request form have no `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FilesOf {
    /// A question of the request form, by its key.
    Form(String),
    /// The answer to a question of ours.
    Answer(QuestionId),
    /// The response to a finding.
    Response(FindingId),
}

impl FilesOf {
    /// Of the word that is kept.
    pub fn read(key: &str) -> Self {
        let answer = key.strip_prefix("answer-").and_then(|id| id.parse().ok());
        let response = key.strip_prefix("response-").and_then(|id| id.parse().ok());
        match (answer, response) {
            (Some(question), _) => Self::Answer(question),
            (_, Some(finding)) => Self::Response(finding),
            (None, None) => Self::Form(key.to_owned()),
        }
    }

    /// The word that is kept.
    pub fn key(&self) -> String {
        match self {
            Self::Form(key) => key.clone(),
            Self::Answer(question) => format!("answer-{question}"),
            Self::Response(finding) => format!("response-{finding}"),
        }
    }

    /// As it is called where one reads what happened; none for a question of the form, which has a
    /// label of its own.
    pub const fn label(&self) -> Option<&'static str> {
        match self {
            Self::Form(_) => None,
            Self::Answer(_) => Some("an answer to a question"),
            Self::Response(_) => Some("a response to a finding"),
        }
    }

    /// Whether the developer writes about it now.
    pub fn is_asked(&self, case: &Case) -> bool {
        match self {
            Self::Form(_) => false,
            Self::Answer(id) => {
                matches!(case.state, State::Clarification { .. })
                    && case.open_questions().any(|question| question.id == *id)
            }
            Self::Response(id) => {
                matches!(case.state, State::Corrections { .. })
                    && case.standing_findings().any(|finding| finding.id == *id)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_read_as_it_was_written() {
        let id = "0190a000-0000-7000-8000-000000000001";
        let (answer, response) = (format!("answer-{id}"), format!("response-{id}"));
        for key in ["mockups", &answer, &response, "answer-x", "response-"] {
            assert_eq!(FilesOf::read(key).key(), key);
        }
        for (key, has_label) in [
            (answer.as_str(), true),
            (&response, true),
            ("answer-x", false),
        ] {
            assert_eq!(FilesOf::read(key).label().is_some(), has_label, "{key}");
        }
    }
}
