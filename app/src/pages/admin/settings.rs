//! `/admin/settings`: time limits and caps, each with the day from which it holds.

use crate::{
    components::{
        Button, Card, Column, DataTable, FormOf, Line, Need, Opt, PageHead, Select, TextField,
        Time, Weight,
    },
    web::{Page, Visit, page},
};
use casework::{
    commands::SetSettingInput,
    queries::admin_settings::{SettingView, admin_settings},
    reference::{Setting, Takes},
};
use leptos::prelude::*;

/// Every setting with its values.
#[component]
pub fn AdminSettingsPage() -> impl IntoView {
    page(|visit| async move {
        let settings = admin_settings(&visit.desk, visit.caller()?).await?;
        let cards = settings
            .into_iter()
            .map(|setting| card(setting, &visit))
            .collect_view();
        Ok(Page::new(
            "Settings",
            view! {
                <PageHead
                    title="Settings"
                    lead="Values are dated: a change holds from its day on, and what held before stays on record."
                />
                {cards}
            },
        ))
    })
}

/// Where the next value is typed or chosen; `chosen` is the present one.
fn value_field(form: &FormOf<SetSettingInput>, setting: Setting, chosen: String) -> AnyView {
    let of = form.at(SetSettingInput::value());
    match setting.takes {
        Takes::Number { unit, least, most } => {
            let hint = format!("{least} to {most} {unit}");
            view! { <TextField of=of line=Line::Number hint=hint /> }.into_any()
        }
        Takes::Choice(words) => {
            let options = words.iter().map(|(word, label)| Opt::new(*word, *label));
            view! { <Select of=of options=options.collect() value=chosen /> }.into_any()
        }
    }
}

fn card(view: SettingView, visit: &Visit) -> impl IntoView + use<> {
    let setting = view.setting;
    let id = format!("set-{}", setting.key.replace('_', "-"));
    let history = (!view.history.is_empty()).then(|| {
        let columns = vec![
            Column::new("From").tight(),
            Column::new("Value").figures(),
            Column::new("Set by"),
        ];
        let rows = view
            .history
            .into_iter()
            .map(|value| {
                let upcoming = value.upcoming.then_some(" (not yet in force)");
                view! {
                    <tr>
                        <td data-label="From"><Time at=value.from /> {upcoming}</td>
                        <td data-label="Value" class="end">{value.value}</td>
                        <td data-label="Set by">{value.by}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <DataTable caption=format!("Values of {}", setting.label) columns=columns>
                {rows}
            </DataTable>
        }
    });
    let value = setting.measured(&view.value);
    let chosen = view.value.as_str().unwrap_or_default().to_owned();
    let form = visit
        .form::<SetSettingInput>()
        .id(id)
        .hidden(SetSettingInput::key(), &setting.key.to_owned())
        .hidden(SetSettingInput::seen(), &view.seen);
    // What came back is not folded away.
    let came_back = form.is_back();
    let form = form.show(|form| {
        view! {
            {value_field(form, setting, chosen)}
            <TextField
                of=form.at(SetSettingInput::from())
                line=Line::Date
                need=Need::Optional
                hint="Leave it empty to change it now."
            />
            <TextField of=form.at(SetSettingInput::reason()) hint="Recorded in the audit trail." />
            <Button weight=Weight::Quiet>"Change setting"</Button>
        }
    });
    view! {
        <Card title=setting.label id=setting.key>
            <p><strong>{value}</strong> " " {setting.hint}</p>
            {history}
            <details open=came_back>
                <summary>"Change"</summary>
                {form}
            </details>
        </Card>
    }
}
