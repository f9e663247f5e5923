//! Pages as developers and visitors see them.

use app::components::*;
use casework::paging::Count;
use casework::{
    accounts::SignInInput,
    commands::{AcceptDlaInput, AddAttachmentInput, EditDraftInput},
    input::{Input, KeptField},
    kept::Kept,
};
use leptos::prelude::*;
use std::sync::Arc;
use time::{Duration, macros::datetime};
use workflow::{
    CaseNumber, State, Timestamp,
    clock::Spent,
    form::Problem,
    state::{AccessLevel, Side},
};

fn frame(content: AnyView) -> impl IntoView {
    let nav = vec![
        NavEntry::new("My apps", "/apps").at("/apps/1"),
        NavEntry::new("Applications", "/applications").waits(Count::exact(1)),
    ];
    let viewer = Viewer {
        name: "Dana Reyes".into(),
        roles: "Acme Health".into(),
        links: vec![("My account".into(), "/account".into())],
    };
    view! { <DeveloperFrame viewer=Some(viewer) nav=nav>{content}</DeveloperFrame> }
}

/// A refused form, as it is kept.
fn kept<I: Input>(
    form: &str,
    values: &[(&str, &[&str])],
    problems: &[(&str, &str)],
) -> Arc<CameBack> {
    Arc::new(CameBack::new(Kept {
        id: uuid::Uuid::nil(),
        step: I::STEP.to_owned(),
        form: form.to_owned(),
        fields: values
            .iter()
            .map(|(name, values)| KeptField {
                name: (*name).to_owned(),
                label: (*name).to_owned(),
                values: values.iter().map(|value| (*value).to_owned()).collect(),
            })
            .collect(),
        carried: Vec::new(),
        drawn: String::new(),
        chosen: Vec::new(),
        message: String::new(),
        problems: problems
            .iter()
            .map(|(field, text)| Problem {
                field: (*field).to_owned(),
                text: (*text).to_owned(),
            })
            .collect(),
        changes: Vec::new(),
        status: 422,
    }))
}

fn typed() -> Arc<CameBack> {
    kept::<EditDraftInput>(
        "draft",
        &[
            ("purpose", &["\n</textarea><script>alert(1)</script>"]),
            ("policy", &["http://intranet/privacy"]),
            ("regions", &["", "us", "eu"]),
            ("use", &["", "commercial"]),
            ("gone", &["A text whose field is no longer here"]),
        ],
        &[
            (
                "purpose",
                "What the app is for: say more; at least 80 characters, it has 38.",
            ),
            (
                "policy",
                "Privacy policy: this address asks for a sign-in; it must be public.",
            ),
            (
                "accurate",
                "I confirm that all this is accurate: tick the box to confirm.",
            ),
            ("", "The case has changed since you looked."),
        ],
    )
}

pub fn form() -> impl IntoView {
    let regions = vec![
        Opt::new("us", "United States"),
        Opt::new("eu", "European Union"),
        Opt::new("jp", "Japan"),
    ];
    let uses = vec![
        Opt::new("individual", "Individual").hint("For yourself or your family."),
        Opt::new("commercial", "Commercial").hint("Offered to others, with or without a price."),
        Opt::new("research", "Research"),
    ];
    let came_back = typed();
    let form = FormOf::<EditDraftInput>::new()
        .id("draft")
        .came_back(Some(came_back.clone()))
        .show(|form| {
            let at = |key: &str| form.at(EditDraftInput::answers().of(&key.to_owned()));
            let stay = form.says(&EditDraftInput::go(), "stay");
            view! {
                <TextField of=at("name") label="Name of the app" value="GlucoPal" autocomplete="off" />
                <TextArea of=at("purpose") label="What the app is for" hint="What it does for whom, and what it does not do. 80 to 4,000 characters." />
                <TextField of=at("policy") label="Privacy policy" line=Line::Url hint="Publicly posted, begins with https://." />
                <Radios of=at("use") label="Use" options=uses />
                <Checkboxes of=at("regions") label="Regions" options=regions lie=Lie::Across hint="Where it will be offered. Approval and credentials are per region." />
                <Select of=at("launch") label="Launch" prompt="Choose one" options=vec![Opt::new("q1", "First quarter of 2027"), Opt::new("later", "Later")] />
                <TextField of=at("date") label="Launch date" line=Line::Date need=Need::Optional />
                <TextField of=at("users") label="Expected users in the first year" line=Line::Number />
                <Confirm of=at("accurate") label="I confirm that all this is accurate" />
                <Buttons>
                    <Button>"Save and continue"</Button>
                    <Button weight=Weight::Quiet says=stay>"Save draft"</Button>
                    <span class="saved">"Saved 14:02"</span>
                </Buttons>
            }
        });
    let files = FormOf::<AddAttachmentInput>::new()
        .files_to("/files/UD-1/mockups")
        .show(|form| {
            let of = form.at(AddAttachmentInput::files().of(&"mockups".to_owned()));
            view! { <FileField of=of label="Mock-ups" hint="PDF, PNG, JPEG or MP4; at most 50 MB each." accept="application/pdf,image/*,video/mp4" need=Need::Optional /> }
        });
    let content = view! {
        <PageHead title="Your app and its users" lead="Step 2 of 7. Say it in your own words; a mock-up often says more than a page of text." crumbs=vec![("GlucoPal".into(), "/apps/1".into()), ("Limited Access".into(), "/applications/UD-1".into())] />
        <ErrorSummary came_back=came_back.clone() />
        <LeftOver came_back=came_back />
        {form}
        {files}
    };
    frame(content.into_any())
}

pub fn application() -> impl IntoView {
    let due: Timestamp = datetime!(2026-12-04 23:59:59 UTC).into();
    let state = State::Corrections { due };
    let step = |name: &str, place, turn: &str, note: &str| Step {
        name: name.into(),
        place,
        turn: turn.into(),
        note: note.into(),
    };
    let steps = vec![
        step("Submitted", Place::Done, "", "16 Nov 2026"),
        step("Check that it is complete", Place::Done, "", "17 Nov 2026"),
        step(
            "Review",
            Place::Here,
            "It is your turn: 2 points to correct.",
            "Comparable applications took 6 to 9 business days with us.",
        ),
        step("Data Licensing Agreement", Place::Ahead, "", ""),
        step("Decision", Place::Ahead, "", ""),
    ];
    let spent = Spent {
        us: Duration::hours(60),
        developer: Duration::hours(30),
    };
    let clocks =
        view! { <ClockPair spent=spent running=Side::Developer reader=Reader::Developer /> }
            .into_any();
    let content = view! {
        <PageHead title="Full Access for GlucoPal" lead="UD-1042" crumbs=vec![("GlucoPal".into(), "/apps/1".into())] />
        <Asked hue=Hue::Developer sentence=state_sentence(&state, AccessLevel::Full) more=clocks>
            <ButtonLink href="/applications/UD-1042/corrections">"Correct the points"</ButtonLink>
        </Asked>
        <div class="split">
            <div>
                <h2>"Your submission"</h2>
                <Facts facing=Facing::Above>
                    <Fact name="What the app is for"><div class="as-typed">"GlucoPal shows caregivers the last three hours of values of the person they care for.\n\nIt gives no advice on doses."</div></Fact>
                    <Fact name="Privacy policy"><a href="https://glucopal.example/privacy">"https://glucopal.example/privacy"</a></Fact>
                </Facts>
                <Files><FileRow name="mock-ups.pdf" href="/f/1" size=1_250_000 kind="PDF" /></Files>
            </div>
            <aside>
                <Stepper steps=steps />
            </aside>
        </div>
        <div class="cards">
            <Card><h3><a href="/apps/1">"GlucoPal"</a></h3><div class="row"><LevelTag level=AccessLevel::Limited /><span class="soft">"at most 20 authorised users"</span></div><Buttons><Button weight=Weight::Quiet>"Apply for Full Access"</Button></Buttons></Card>
            <Card><h3><a href="/apps/2">"Sugar Coach"</a></h3><div class="row"><LevelTag level=AccessLevel::Sandbox /></div><Buttons><Button weight=Weight::Quiet>"Apply for Limited Access"</Button></Buttons></Card>
        </div>
    };
    frame(content.into_any())
}

pub fn sign_in() -> impl IntoView {
    let came_back = kept::<SignInInput>(
        "sign-in",
        &[("username", &["dana@acme.example"])],
        &[("password", "Email and password do not match.")],
    );
    let form = FormOf::<SignInInput>::new()
        .id("sign-in")
        .came_back(Some(came_back.clone()))
        .show(|form| {
            view! {
                <TextField of=form.at(SignInInput::username()) line=Line::Username autocomplete="username" />
                <PasswordField of=form.secret(&SignInInput::password()) />
                <Buttons>
                    <Button>"Sign in"</Button>
                    <a href="/forgot">"Forgotten password"</a>
                </Buttons>
            }
        });
    view! {
        <DeveloperFrame viewer=None width=Width::Narrow>
            <PageHead title="Sign in" />
            <ErrorSummary came_back=came_back />
            {form}
        </DeveloperFrame>
    }
}

pub fn signing() -> impl IntoView {
    let html = "<h1>Data Licensing Agreement</h1><p>Between the data holder and the developer named below.</p><h2>1. Licence</h2><p>The developer may use the data as described in the application, for the users who authorised it, and for nothing else.</p><ol><li>It keeps the data safe.</li><li>It deletes them on request.</li></ol>";
    let form = FormOf::<AcceptDlaInput>::new()
        .id("sign")
        .case(CaseNumber(1042), Some(workflow::Seen::version(12)))
        .show(|form| {
            view! {
                <TextField of=form.at(AcceptDlaInput::capacity()) hint="As what you sign for Acme Health." autocomplete="organization-title" />
                <Confirm of=form.at(AcceptDlaInput::consent()) />
                <PasswordField of=form.secret(&AcceptDlaInput::password()) hint="You sign with it." />
                <Buttons><Button>"Accept agreement"</Button></Buttons>
            }
        });
    let content = view! {
        <PageHead title="Accept the Data Licensing Agreement" crumbs=vec![("UD-1042".into(), "/applications/UD-1042".into())] />
        <DocumentView label="Data Licensing Agreement, version 3" html=html>
            <Facts>
                <Fact name="Version">"3, in force since 1 Oct 2026"</Fact>
                <Fact name="SHA-256"><Hash text="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" /></Fact>
            </Facts>
        </DocumentView>
        {form}
    };
    frame(content.into_any())
}
