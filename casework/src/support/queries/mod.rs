//! What people see of support.

mod about_case;
mod articles;
mod canned;
mod file;
mod mine;
mod queue;
mod request_page;

pub(crate) use about_case::about_case;
pub use about_case::{ABOUT_CASE, AboutCase};
pub use articles::{
    Article, ArticleLine, ArticleToDecide, ArticlesToDecide, FoundArticles, SIMILAR, article,
    articles, articles_to_decide, search_articles, similar,
};
pub use canned::{CannedText, canned_text, canned_text_for, canned_texts};
pub use file::request_file;
pub use mine::{Mine, MyRequest, OwnApp, my_requests, own_apps};
pub use queue::{RequestFilter, RequestRow, RequestView, RequestsQueue, requests_queue};
pub use request_page::{
    Colleague, FileLine, Inside, LinkedCase, Message, Note, OpenQuestion, RequestPage, Unreached,
    Unreleased, WroteIt, own_words, request_page,
};

use crate::{entities::support_requests::Column as C, relations::conflicted_apps};
use sea_orm::{ColumnTrait, Condition};
use workflow::PersonId;

/// Requests on which somebody may work: not their own, and not of an app about which they are in
/// conflict of interest.
pub(crate) fn not_conflicted(person: PersonId) -> Condition {
    Condition::all().add(C::OpenerId.ne(person.0)).add(
        Condition::any()
            .add(C::AppId.is_null())
            .add(C::AppId.not_in_subquery(conflicted_apps(person))),
    )
}
