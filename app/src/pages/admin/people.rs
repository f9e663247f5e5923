//! `/admin/people`: everyone with an account.

use super::{WHY_TOGETHER, request::waiting, role_options};
use crate::{
    components::{
        Button, Card, Checkboxes, Column, DataTable, Day, EmptyState, Hue, Line, Need, Opt,
        PageHead, Pagination, Select, Status, TextField, Weight, filters,
    },
    web::{Page, Visit, encode, page},
};
use casework::{
    commands::InvitePersonInput,
    paging,
    queries::admin_people::{PAGE, People, PeopleFilter, PersonRow, PersonStatus, admin_people},
};
use leptos::prelude::*;
use workflow::Role;

/// The list of people and the form to invite another.
#[component]
pub fn AdminPeoplePage() -> impl IntoView {
    page(|visit| async move {
        let part = |name| visit.query(name).unwrap_or_default();
        let filter = PeopleFilter {
            text: part("q").trim().to_owned(),
            role: Role::from_word(part("role")),
            page: paging::asked(part("page")),
        };
        let people = admin_people(&visit.desk, visit.caller()?, filter).await?;
        Ok(Page::new("People", screen(people, &visit)))
    })
}

fn screen(people: People, visit: &Visit) -> impl IntoView + use<> {
    let options: Vec<Opt> = Role::ALL
        .iter()
        .map(|role| Opt::new(role.word(), role.label()))
        .collect();
    let role = people.filter.role.map_or("", Role::word);
    let role_choices = role_options(visit.desk.second_admin);
    let invite = visit.form::<InvitePersonInput>().show(|form| {
        view! {
            <TextField of=form.at(InvitePersonInput::name()) />
            <TextField
                of=form.at(InvitePersonInput::email())
                line=Line::Email
                hint="The invitation goes here; its link works once, for seven days."
            />
            <TextField
                of=form.at(InvitePersonInput::username())
                line=Line::Username
                hint="3 to 40 letters, digits, dots, dashes or underscores. It is never given to anyone else."
            />
            <TextField of=form.at(InvitePersonInput::organisation()) need=Need::Optional />
            <Checkboxes of=form.at(InvitePersonInput::roles()) options=role_choices />
            <TextField
                of=form.at(InvitePersonInput::combination())
                need=Need::Optional
                hint=WHY_TOGETHER
            />
            <Button>"Send invitation"</Button>
        }
    });
    let text = people.filter.text.clone();
    let search = filters("/admin/people", |search| {
        view! {
            <TextField
                of=search.at("q")
                label="Name, email or organisation"
                value=text
                line=Line::Search
                need=Need::Optional
            />
            <Select
                of=search.at("role")
                label="Role"
                options=options
                value=role
                prompt="Any role"
                need=Need::Optional
            />
            <Button weight=Weight::Quiet>"Show"</Button>
        }
    });
    let shown = u64::try_from(people.rows.len()).unwrap_or(0);
    let before = (people.filter.page - 1).saturating_mul(PAGE);
    let (first, last) = if shown == 0 {
        (0, 0)
    } else {
        (before + 1, before + shown)
    };
    let link = |page: u64| {
        let text = encode(&people.filter.text);
        format!("/admin/people?q={text}&role={role}&page={page}")
    };
    let previous = (people.filter.page > 1).then(|| link(people.filter.page - 1));
    let next = (last < people.count).then(|| link(people.filter.page + 1));
    let count = people.count;
    let requests = waiting(people.requests);
    let list = if people.rows.is_empty() {
        view! {
            <EmptyState title="Nobody fits" text="No account has this in its name, address or organisation." />
        }
        .into_any()
    } else {
        let columns = vec![
            Column::new("Name"),
            Column::new("Roles"),
            Column::new("Email"),
            Column::new("Organisation"),
            Column::new("Account").tight(),
            Column::new("Since").tight(),
        ];
        view! {
            <DataTable caption="People" columns=columns>
                {people.rows.into_iter().map(row).collect_view()}
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHead title="People" lead="Everyone with an account. Accounts are disabled, never deleted: what a person did stays readable." />
        {requests}
        {search}
        {list}
        <Pagination first=first last=last total=count noun="people" previous=previous next=next />
        <Card title="Invite a person" id="invite">
            {invite}
        </Card>
    }
}

pub(super) const fn hue(status: PersonStatus) -> Hue {
    match status {
        PersonStatus::Active => Hue::Approved,
        PersonStatus::Invited => Hue::Waiting,
        PersonStatus::Disabled | PersonStatus::Closed => Hue::Ended,
    }
}

fn row(person: PersonRow) -> impl IntoView {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
    view! {
        <tr class="leads">
            <th scope="row">
                <a class="lead" href=format!("/admin/people/{}", person.id)>{person.name}</a>
                <span class="under">{person.username}</span>
            </th>
            <td data-label="Roles">{roles.join(", ")}</td>
            <td data-label="Email">{person.email}</td>
            <td data-label="Organisation">{person.organisation}</td>
            <td data-label="Account">
                <Status hue=hue(person.status) text=person.status.label() />
            </td>
            <td data-label="Since"><Day at=person.since /></td>
        </tr>
    }
}
