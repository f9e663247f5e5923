//! Open pages, as everybody reads them and as admins look after them.

pub use super::markdown::Heading;
use super::{
    Guide,
    links::{self, Pointer},
    markdown::{self, Rendered, Under, Words},
    store::{self, Stored},
    takes::sentence,
};
use crate::{
    Caller, Desk, Error, Result,
    entities::guides,
    policy::DeskAct,
    queries::{audit::may, trail},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;
use workflow::{
    Timestamp,
    compare::{Row, side_by_side},
    form::{Field, Form},
    state::AccessLevel,
};

/// An open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuidePage {
    pub guide: Guide,
    pub text: Rendered,
    /// What the request form asks for, on the page of a level.
    pub asked: Vec<AskedSection>,
}

/// A section of the request form with its questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedSection {
    pub title: String,
    pub questions: Vec<AskedQuestion>,
}

/// A question of the request form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedQuestion {
    /// Its id on the page.
    pub id: String,
    pub label: String,
    pub hint: String,
    pub optional: bool,
    /// The heading that describes a good answer; empty where there is none.
    pub guide: String,
}

/// An open page with all its versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideVersions {
    pub guide: Guide,
    pub title: String,
    /// What stands there, from which the next is made.
    pub body: String,
    /// The newest first; the last is the text that the desk brings along, version 0.
    pub versions: Vec<GuideVersion>,
    /// The text that the desk brings along is another than when the newest version was published.
    pub built_in_changed: bool,
    pub may_publish: bool,
}

/// One version of an open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideVersion {
    /// 0 for the text that the desk brings along.
    pub number: u32,
    pub sha256: String,
    pub published_at: Option<Timestamp>,
    pub published_by: String,
}

/// One version beside what stands there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuideVersionView {
    pub guide: Guide,
    pub version: GuideVersion,
    pub text: Rendered,
    pub newest: u32,
    /// What would change if it stood again; nothing for what stands there.
    pub differences: Option<Vec<Row>>,
    pub may_publish: bool,
}

/// The most versions of a page that are listed.
const MOST: u64 = 200;

/// The pages that have the questions of the request form.
const fn level_of(guide: Guide) -> Option<AccessLevel> {
    match guide {
        Guide::LimitedAccess => Some(AccessLevel::Limited),
        Guide::FullAccess => Some(AccessLevel::Full),
        _ => None,
    }
}

/// The id of a question on the page of its level.
fn question_id(key: &str) -> String {
    format!("form-{}", key.replace('_', "-"))
}

/// An open page, for everybody.
///
/// # Errors
/// When the database does not answer.
pub async fn guide_page(desk: &Desk, guide: Guide) -> Result<GuidePage> {
    let stored = store::newest(desk.database.read(), guide).await?;
    let known = desk.reference.known();
    let asked = known
        .forms
        .values()
        .next_back()
        .map_or_else(Vec::new, |form| asked(form, guide));
    let ids = asked
        .iter()
        .flat_map(|section| &section.questions)
        .map(|question| question.id.as_str())
        .collect::<Vec<_>>();
    let mut under = Under::new();
    for Pointer {
        heading,
        label,
        key,
        ..
    } in links::of_form(&known, guide)
    {
        let id = question_id(&key);
        if ids.contains(&id.as_str()) {
            let link = (label, format!("#{id}"));
            under.entry(heading).or_default().push(link);
        }
    }
    Ok(GuidePage {
        guide,
        text: markdown::render(&stored.body, &words(desk).await?, &under),
        asked,
    })
}

/// On the page of Limited Access everything that is asked there; on that of Full Access what is
/// asked besides.
fn asked(form: &Form, guide: Guide) -> Vec<AskedSection> {
    let Some(level) = level_of(guide) else {
        return Vec::new();
    };
    let here = |field: &&Field| field.full_only == (level == AccessLevel::Full);
    let sections = form.sections.iter().map(|section| AskedSection {
        title: section.title.clone(),
        questions: section
            .fields
            .iter()
            .filter(here)
            .map(|field| AskedQuestion {
                id: question_id(&field.key),
                label: field.label.clone(),
                hint: field.hint.clone(),
                optional: field.optional,
                guide: field.guide.clone(),
            })
            .collect(),
    });
    sections
        .filter(|section| !section.questions.is_empty())
        .collect()
}

/// What the words between braces stand for.
async fn words(desk: &Desk) -> Result<Words> {
    let takes = desk.takes.known(desk).await?;
    let places = desk.reference.known().settings.limited_cap;
    let now = [
        places.to_string(),
        sentence(takes.get(&AccessLevel::Limited).map(|told| &told.taken)),
        sentence(takes.get(&AccessLevel::Full).map(|told| &told.taken)),
    ];
    Ok(markdown::WORDS.into_iter().zip(now).collect())
}

/// A text as its page would show it.
///
/// # Errors
/// When the database does not answer.
pub async fn guide_preview(desk: &Desk, body: &str) -> Result<Rendered> {
    Ok(markdown::render(body, &words(desk).await?, &Under::new()))
}

/// What differs between two texts, line beside line.
pub fn guide_differences(before: &str, after: &str) -> Vec<Row> {
    side_by_side(before, after)
}

/// Every open page with its title and what stands there.
///
/// # Errors
/// [`Error::Forbidden`] to those who may neither read nor publish versions.
pub async fn admin_guides(desk: &Desk, caller: &Caller) -> Result<Vec<GuideVersions>> {
    let mut all = Vec::new();
    for guide in Guide::ALL {
        all.push(admin_guide(desk, caller, *guide).await?);
    }
    Ok(all)
}

fn may_publish(desk: &Desk, caller: &Caller) -> Result<bool> {
    if may(desk, caller, DeskAct::ManageGuides).is_ok() {
        return Ok(true);
    }
    may(desk, caller, DeskAct::ReadGuides)?;
    Ok(false)
}

/// One open page with its versions.
///
/// # Errors
/// As [`admin_guides`].
pub async fn admin_guide(desk: &Desk, caller: &Caller, guide: Guide) -> Result<GuideVersions> {
    use guides::Column as C;
    let may_publish = may_publish(desk, caller)?;
    let newest = store::newest(desk.database.read(), guide).await?;
    let rows: Vec<(i32, String, i64, Uuid)> = guides::Entity::find()
        .select_only()
        .columns([C::Version, C::Sha256, C::PublishedAt, C::PublishedBy])
        .filter(C::Guide.eq(guide.word()))
        .order_by_desc(C::Version)
        .limit(MOST)
        .into_tuple()
        .all(desk.database.read())
        .await?;
    let people: Vec<String> = rows.iter().map(|row| row.3.to_string()).collect();
    let names = trail::names(desk.database.read(), people.iter().map(String::as_str)).await?;
    let built_in = Stored::built_in(guide);
    let mut versions: Vec<GuideVersion> = rows
        .into_iter()
        .map(|(number, sha256, at, by)| GuideVersion {
            number: number.unsigned_abs(),
            sha256,
            published_at: Some(Timestamp::from_micros(at)),
            published_by: names.get(&by).cloned().unwrap_or_default(),
        })
        .collect();
    versions.push(GuideVersion {
        number: 0,
        sha256: built_in.sha256.clone(),
        published_at: None,
        published_by: "Upgrade Desk".to_owned(),
    });
    Ok(GuideVersions {
        guide,
        title: guide_preview(desk, &newest.body).await?.title,
        built_in_changed: newest.built_in_sha256 != built_in.sha256,
        body: newest.body,
        versions,
        may_publish,
    })
}

/// One version of an open page.
///
/// # Errors
/// As [`admin_guides`]; [`Error::NotFound`] where there is no such version.
pub async fn admin_guide_version(
    desk: &Desk,
    caller: &Caller,
    guide: Guide,
    version: u32,
) -> Result<GuideVersionView> {
    let may_publish = may_publish(desk, caller)?;
    let found = store::version(desk.database.read(), guide, version)
        .await?
        .ok_or(Error::NotFound)?;
    let newest = store::newest(desk.database.read(), guide).await?;
    let by: Vec<String> = found.published_by.iter().map(Uuid::to_string).collect();
    let names = trail::names(desk.database.read(), by.iter().map(String::as_str)).await?;
    let published_by = found
        .published_by
        .and_then(|id| names.get(&id).cloned())
        .unwrap_or_else(|| "Upgrade Desk".to_owned());
    let differences =
        (newest.version != found.version).then(|| guide_differences(&newest.body, &found.body));
    Ok(GuideVersionView {
        guide,
        text: guide_preview(desk, &found.body).await?,
        version: GuideVersion {
            number: found.version,
            sha256: found.sha256,
            published_at: found.published_at,
            published_by,
        },
        newest: newest.version,
        differences,
        may_publish,
    })
}
