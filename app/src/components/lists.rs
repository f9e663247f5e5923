//! Lists: tables, views with counts, filters as chips, pages.

use super::{Icon, Pic, Slot};
use casework::paging::Count;
use leptos::prelude::*;

/// One column of a [`DataTable`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub label: String,
    pub fit: Fit,
    /// Where a click on the head leads, and how it is sorted now; nothing if it cannot be sorted.
    pub sort: Option<Sort>,
}

/// How a column lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    #[default]
    Text,
    /// As narrow as its content.
    Tight,
    /// Figures, aligned at their end.
    Figures,
}

/// How a sortable column is sorted now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub href: String,
    pub order: Option<Order>,
}

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

impl Column {
    /// A plain column.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// As narrow as its content.
    pub fn tight(mut self) -> Self {
        self.fit = Fit::Tight;
        self
    }

    /// Figures; give its cells `class="end"`.
    pub fn figures(mut self) -> Self {
        self.fit = Fit::Figures;
        self
    }

    /// Sortable: the head links to `href`.
    pub fn sorted(mut self, href: impl Into<String>, order: Option<Order>) -> Self {
        self.sort = Some(Sort {
            href: href.into(),
            order,
        });
        self
    }

    fn head(self) -> impl IntoView {
        let class = match self.fit {
            Fit::Text => None,
            Fit::Tight => Some("tight"),
            Fit::Figures => Some("end tight"),
        };
        let aria = self.sort.as_ref().and_then(|sort| {
            sort.order.map(|order| match order {
                Order::Ascending => "ascending",
                Order::Descending => "descending",
            })
        });
        let content = match self.sort {
            None => self.label.into_any(),
            Some(sort) => {
                let arrow = sort.order.map(|order| match order {
                    Order::Ascending => view! { <Icon pic=Pic::ArrowUp /> },
                    Order::Descending => view! { <Icon pic=Pic::ArrowDown /> },
                });
                view! { <a class="sort" href=sort.href>{self.label}{arrow}</a> }.into_any()
            }
        };
        view! { <th scope="col" class=class aria-sort=aria>{content}</th> }
    }
}

/// A table. Its rows (children) are plain `<tr>`: the first cell `<th scope="row">`, the others
/// `<td data-label="Column">`; on a narrow page each row becomes a list of the same facts, labelled
/// so. `<tr class="leads">` with one `<a class="lead">` makes the whole row a link.
#[component]
pub fn DataTable(
    /// What the table shows, for everyone who cannot see it at a glance.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    #[prop(optional)] show_caption: ShowCaption,
    children: Children,
) -> impl IntoView {
    let class = match show_caption {
        ShowCaption::Hidden => "visually-hidden",
        ShowCaption::Shown => "",
    };
    view! {
        <div class="table-wrap">
            <table class="table folds">
                <caption class=class>{caption}</caption>
                <thead>
                    <tr>{columns.into_iter().map(Column::head).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// Whether a caption is seen or only heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShowCaption {
    /// The heading above says the same.
    #[default]
    Hidden,
    Shown,
}

/// A named view of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewTab {
    pub label: String,
    pub href: String,
    pub count: Option<Count>,
    pub current: bool,
    /// Something in it is late.
    pub urgent: bool,
}

/// Views of one list, each with its count.
#[component]
pub fn ViewTabs(
    /// What the views are of.
    #[prop(into)]
    label: String,
    tabs: Vec<ViewTab>,
) -> impl IntoView {
    let items = tabs
        .into_iter()
        .map(|tab| {
            let urgent = (tab.urgent && tab.count.is_none_or(|count| !count.is_none())).then_some("");
            let current = tab.current.then_some("page");
            view! {
                <li data-urgent=urgent>
                    <a href=tab.href aria-current=current>
                        {tab.label}
                        {tab.count.map(|count| view! { <span class="count">{count.to_string()}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul class="plain">{items}</ul>
        </nav>
    }
}

/// A filter in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// `State`.
    pub what: String,
    /// `Review`.
    pub value: String,
    /// The same list without it.
    pub without: String,
}

/// The filters in force; each is a link that takes itself away. Nothing when there are none.
#[component]
pub fn FilterChips(
    chips: Vec<Chip>,
    /// The list without any filter.
    #[prop(into)]
    clear: String,
) -> impl IntoView {
    (!chips.is_empty()).then(|| {
        let items = chips
            .into_iter()
            .map(|chip| {
                view! {
                    <li>
                        <a class="chip" href=chip.without>
                            <span class="visually-hidden">"Remove filter "</span>
                            <span class="what">{chip.what}</span>
                            {chip.value}
                            <Icon pic=Pic::Cross />
                        </a>
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="chips">
                <ul class="chips" aria-label="Filters in force">
                    {items}
                </ul>
                <a class="button link" href=clear>
                    "Clear all"
                </a>
            </div>
        }
    })
}

/// A form that only searches: it is never refused, so its fields need no input.
#[derive(Clone, Copy, Debug)]
pub struct Searching(());

impl Searching {
    /// A parameter of the address.
    pub fn at(self, name: &str) -> Slot {
        Slot::searching(name)
    }
}

/// Filters of a list: a form that changes the address alone, with fields and a quiet button.
pub fn filters<V: IntoView + 'static>(
    action: impl Into<String>,
    body: impl FnOnce(Searching) -> V,
) -> AnyView {
    let controls = body(Searching(())).into_any();
    view! {
        <form class="filters" method="get" action=action.into() role="search">
            {controls}
        </form>
    }
    .into_any()
}

/// Which part of a numbered list is shown, and the ways to the others; nothing of an empty one, which
/// says itself that it is.
#[component]
pub fn Pagination(
    /// The first row shown, from 1.
    first: u64,
    /// The last row shown.
    last: u64,
    /// How many there are.
    total: u64,
    /// What they are: `cases`.
    #[prop(into)]
    noun: String,
    #[prop(optional_no_strip, into)] previous: Option<String>,
    #[prop(optional_no_strip, into)] next: Option<String>,
) -> impl IntoView {
    let text = part_of(first, last, total, &noun);
    let links = [("prev", "Previous", previous), ("next", "Next", next)];
    (total > 0).then(|| view! { <PageLinks text=text links=links.to_vec() /> })
}

/// What is said of a part of a list.
fn part_of(first: u64, last: u64, total: u64, noun: &str) -> String {
    if first == 1 && last == total {
        all_of(total.into(), noun)
    } else {
        format!("{first}–{last} of {total} {noun}")
    }
}

/// What is said of a list that is shown whole.
pub fn all_of(total: Count, noun: &str) -> String {
    match total.number {
        0 => format!("No {noun}"),
        1 => "The only one".to_owned(),
        _ => format!("All {total} {noun}"),
    }
}

/// What is said of a list, and links to other parts of it, each with its relation, its words and
/// its address, where there is such a part.
#[component]
pub fn PageLinks(
    #[prop(into)] text: String,
    links: Vec<(&'static str, &'static str, Option<String>)>,
) -> impl IntoView {
    let links: Vec<_> = links
        .into_iter()
        .filter_map(|(rel, label, href)| {
            href.map(|href| view! { <a class="button quiet" rel=rel href=href>{label}</a> })
        })
        .collect();
    let links = (!links.is_empty()).then(|| {
        view! {
            <nav class="links" aria-label="Pages of the list">
                {links}
            </nav>
        }
    });
    view! {
        <div class="pages">
            <span>{text}</span>
            {links}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_has_no_parts() {
        let shown = |first, last, total| {
            Owner::new().with(|| {
                view! { <Pagination first=first last=last total=total noun="apps" /> }.to_html()
            })
        };
        assert!(!shown(0, 0, 0).contains("apps"));
        assert!(!shown(1, 0, 0).contains("apps"));
        assert!(shown(1, 1, 1).contains("The only one"));
        assert!(shown(1, 7, 7).contains("All 7 apps"));
        assert!(shown(61, 120, 130).contains("61–120 of 130 apps"));
    }
}
