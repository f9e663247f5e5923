//! Pages as staff see them.

use app::components::*;
use casework::commands::{CheckItem as CheckItemInput, RequestClarificationInput};
use casework::paging::Count;
use leptos::prelude::*;
use time::{Duration, macros::datetime};
use workflow::{
    ActionKind, CaseNumber, Internal, StateKind, Timestamp,
    checklist::{Severity, Verdict},
    clock::Spent,
    state::{AccessLevel, Side},
};

fn at(moment: time::OffsetDateTime) -> Timestamp {
    moment.into()
}

fn frame(path: &str, content: AnyView) -> impl IntoView {
    let nav = vec![
        NavGroup {
            title: String::new(),
            entries: vec![
                NavEntry::new("Queue", "/queue")
                    .icon(Pic::Queue)
                    .waits(Count::exact(42))
                    .at(path),
                NavEntry::new("My cases", "/cases")
                    .icon(Pic::Mine)
                    .waits(Count::exact(6))
                    .at(path),
                NavEntry::new("Inbox", "/inbox")
                    .icon(Pic::Inbox)
                    .waits(Count::exact(2))
                    .at(path),
            ],
        },
        NavGroup {
            title: "Compliance".to_owned(),
            entries: vec![
                NavEntry::new("Reports", "/reports")
                    .icon(Pic::Reports)
                    .at(path),
                NavEntry::new("Audit", "/audit").icon(Pic::Audit).at(path),
            ],
        },
        NavGroup {
            title: "Administration".to_owned(),
            entries: vec![
                NavEntry::new("People", "/admin/people")
                    .icon(Pic::People)
                    .at(path),
                NavEntry::new("Agreements", "/admin/agreements")
                    .icon(Pic::File)
                    .at(path),
                NavEntry::new("Emails", "/admin/mail")
                    .icon(Pic::Mail)
                    .waits(Count::exact(1))
                    .at(path),
            ],
        },
    ];
    let viewer = Viewer {
        name: "Aiko Ito".to_owned(),
        roles: "Reviewer, Lead".to_owned(),
        links: vec![("My account".to_owned(), "/account".to_owned())],
    };
    view! { <StaffFrame viewer=viewer nav=nav>{content}</StaffFrame> }
}

pub fn queue() -> impl IntoView {
    let tab = |label: &str, count, current, urgent| ViewTab {
        label: label.to_owned(),
        href: "/queue?view=x".to_owned(),
        count: Some(u64::into(count)),
        current,
        urgent,
    };
    let tabs = vec![
        tab("My turn", 6, true, false),
        tab("Needs a reviewer", 11, false, false),
        tab("Answers arrived", 3, false, false),
        tab("Due soon", 4, false, false),
        tab("Overdue", 2, false, true),
        tab("With developers", 17, false, false),
        tab("All open", 42, false, false),
    ];
    let columns = vec![
        Column::new("Case").sorted("?sort=case", None).tight(),
        Column::new("App"),
        Column::new("Level").tight(),
        Column::new("State").sorted("?sort=state", None).tight(),
        Column::new("Us").figures(),
        Column::new("Developer").figures(),
        Column::new("Due")
            .sorted("?sort=-due", Some(Order::Ascending))
            .tight(),
        Column::new("Assignee").tight(),
    ];
    let apps = [
        (
            "GlucoPal",
            "Acme Health",
            "Round 2 · 1 blocker · 2 open questions",
        ),
        ("Sugar Coach", "Ōsaka Digital Therapeutics", ""),
        ("LoopView", "Παπαδόπουλος & Co", "Answers arrived"),
        ("Здоровье+", "ООО «Медицина завтра»", ""),
        (
            "CarbWise Family Companion for Caregivers and Schools",
            "Northern Lights Paediatric Diabetes Research Foundation",
            "Round 3 · decline proposed",
        ),
    ];
    let rows = StateKind::ALL
        .iter()
        .enumerate()
        .map(|(i, state)| {
            let (app, organisation, note) = apps[i % apps.len()];
            let due = match i % 4 {
                0 => Due::Over(1),
                1 => Due::Today,
                2 => Due::Left(3),
                _ => Due::Left(12),
            };
            let level = if i % 3 == 0 { AccessLevel::Full } else { AccessLevel::Limited };
            view! {
                <tr class="leads">
                    <th scope="row">
                        <a class="lead" href="/cases/UD-1042">{format!("UD-{}", 1042 - i)}</a>
                    </th>
                    <td class="whole">
                        {app} " · " {organisation}
                        {(!note.is_empty()).then(|| view! { <span class="under">{note}</span> })}
                    </td>
                    <td><LevelTag level=level /></td>
                    <td><StateTag state=*state grant=None /></td>
                    <td class="end" data-label="Us">{days_text(Duration::hours(60))}</td>
                    <td class="end" data-label="Developer">{days_text(Duration::hours(96))}</td>
                    <td><DueTag at=at(datetime!(2026-11-27 23:59:59 UTC)) due=due /></td>
                    <td class="nowrap">
                        {if i % 5 == 1 { view! { <span class="soft">"Nobody"</span> }.into_any() } else { "A. Ito".into_any() }}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let chips = vec![
        Chip {
            what: "Level".into(),
            value: "Limited Access".into(),
            without: "?".into(),
        },
        Chip {
            what: "Due".into(),
            value: "overdue".into(),
            without: "?".into(),
        },
    ];
    let search = filters("/queue", |search| {
        let levels = vec![Opt::new("", "Any"), Opt::new("limited", "Limited Access")];
        view! {
            <div class="search">
                <TextField of=search.at("q") label="Search or filter" line=Line::Search />
            </div>
            <Select of=search.at("level") label="Level" options=levels />
            <Button weight=Weight::Quiet>"Filter"</Button>
        }
    });
    let content = view! {
        <PageHead title="Queue">
            <ButtonLink href="/queue/next">"Get next"</ButtonLink>
        </PageHead>
        <ViewTabs label="Views of the queue" tabs=tabs />
        {search}
        <FilterChips chips=chips clear="/queue" />
        <DataTable caption="Cases where it is my turn" columns=columns>{rows}</DataTable>
        <Pagination first=1 last=12 total=42 noun="cases" next="?page=2".to_owned() />
    };
    frame("/queue", content.into_any())
}

pub fn case() -> impl IntoView {
    let not_now = |action, reason: &str| NotNow {
        action,
        reason: reason.to_owned(),
    };
    let refused = vec![
        not_now(
            ActionKind::Approve,
            "You reviewed this case; someone else must approve it.",
        ),
        not_now(
            ActionKind::PassTechnical,
            "3 items of the Technical review checklist have not been checked.",
        ),
        not_now(
            ActionKind::RequestCorrections,
            "There is no open blocker or major finding to correct.",
        ),
    ];
    let happened = |hour: u8, what: &str, who: &str, detail: &str, hue| Happened {
        at: at(datetime!(2026-11-20 00:02 UTC).replace_hour(hour).unwrap()),
        what: what.to_owned(),
        who: who.to_owned(),
        detail: detail.to_owned(),
        hue,
        parts: Vec::new(),
        is_new: hour == 16,
    };
    let entries = vec![
        happened(
            16,
            "Clarification answered",
            "Dana Reyes",
            "The screen shows the delay beside every value; see the second video from 0:40.",
            Hue::Developer,
        ),
        happened(
            14,
            "Clarification requested",
            "Aiko Ito",
            "Where does the app say that values are delayed?",
            Hue::Us,
        ),
        happened(
            11,
            "Finding recorded",
            "Jo Park",
            "Refresh tokens are kept in local storage.",
            Hue::Overdue,
        ),
        happened(10, "Complete", "Aiko Ito", "", Hue::Us),
        happened(9, "Reminder sent", "", "", Hue::Waiting),
        happened(8, "Submitted", "Dana Reyes", "", Hue::Developer),
    ];
    let spent = Spent {
        us: Duration::hours(60),
        developer: Duration::hours(96),
    };
    let facts = CaseHeadFacts {
        number: CaseNumber(1042),
        app: "GlucoPal".to_owned(),
        logo: None,
        organisation: "Acme Health".to_owned(),
        level: AccessLevel::Full,
        state: StateKind::Review,
        grant: None,
        round: 2,
        assignee: "Aiko Ito".to_owned(),
        due: Some((at(datetime!(2026-11-19 23:59:59 UTC)), Due::Over(1))),
        spent,
        running: Some(Side::Us),
    };
    let check = |label: &'static str, verify: &'static str, verdict: Option<Verdict>, severity| {
        let form = FormOf::<CheckItemInput>::new()
            .id(format!("check-{}", label.len() + verify.len()))
            .show(|form| {
                let verdicts = vec![Opt::new("pass", "Pass"), Opt::new("fail", "Fail"), Opt::new("na", "N/A")];
                view! {
                    <Radios of=form.at(CheckItemInput::verdict()) lie=Lie::Across options=verdicts />
                    <TextField of=form.at(CheckItemInput::evidence()) need=Need::Optional />
                    <Button weight=Weight::Quiet>"Check commercial item"</Button>
                }
            });
        view! {
            <CheckItem id=format!("item-{}", label.len() + verify.len()) label=label verify=verify number=1 severity=severity verdict=verdict evidence=Some("log-2026-11-18.txt".into_any())>
                <More summary="Check again">
                    {form}
                </More>
            </CheckItem>
        }
    };
    let ask = FormOf::<RequestClarificationInput>::new()
        .id("ask")
        .case(CaseNumber(1042), Some(workflow::Seen::version(31)))
        .show(|form| {
            let pins = vec![Opt::new("case", "The case"), Opt::new("privacy", "Privacy policy")];
            let about = form.at(RequestClarificationInput::about().of(&1));
            let text = form.at(RequestClarificationInput::text().of(&1));
            view! {
                <Select of=about options=pins />
                <TextArea of=text hint="One question; say what a good answer has." />
                <TextField of=form.at(RequestClarificationInput::due()) line=Line::Date value="2026-12-04" />
                <Buttons>
                    <Button>"Request clarification"</Button>
                    <Button weight=Weight::Quiet>"Add another question"</Button>
                </Buttons>
            }
        });
    let content = view! {
        <CaseHead facts=facts />
        <ActionBar refused=refused>
            <ButtonLink href="#clarify">"Request clarification"</ButtonLink>
            <ButtonLink href="#commercial" weight=Weight::Quiet>"Pass commercial review"</ButtonLink>
            <ButtonLink href="#agreement" weight=Weight::Quiet>"Release"</ButtonLink>
            <ButtonLink href="#decision" weight=Weight::Danger>"Propose decline"</ButtonLink>
        </ActionBar>
        <Notice tone=Tone::Done>"Clarification requested. The developer has until 4 Dec 2026; the clock is theirs until then."</Notice>
        <div class="workspace" data-half="work">
            <section class="half work" aria-label="The work">
                <Tasks>
                    <Task id="submission" name="Submission" about="revision 2" status=TaskStatus::new(Hue::Approved, "Complete") href="?open=submission" />
                    <Task id="clarify" name="Clarification" status=TaskStatus::new(Hue::Developer, "1 open question") href="?open=clarify" body=Some(view! { {ask} }.into_any()) />
                    <Task id="commercial" name="Commercial review" about="Aiko Ito" status=TaskStatus::new(Hue::Us, "9 of 9 checked") href="?open=commercial" />
                    <Task id="technical" name="Technical review" about="Jo Park" status=TaskStatus::new(Hue::Overdue, "1 blocker") href="?open=technical" body=Some(view! { <ol class="checks">
                            {check("Only v3 endpoints are called", "Log sample", Some(Verdict::Pass), Severity::Blocker)}
                            {check("Client secret and tokens stay on the server", "Binary strings, architecture", Some(Verdict::Fail), Severity::Blocker)}
                            {check("Refresh-token rotation is stored atomically", "Forced concurrent refresh", None, Severity::Major)}
                            {check("Data-range endpoint is used to sync", "Logs", Some(Verdict::NotApplicable { reason: Internal::written("No sync") }), Severity::Minor)}
                        </ol> }.into_any()) />
                    <Task id="agreement" name="Agreement" status=TaskStatus::new(Hue::Waiting, "Cannot start yet") href="?open=agreement" />
                    <Task id="decision" name="Decision" status=TaskStatus::new(Hue::Ended, "Cannot start yet") href="?open=decision" />
                </Tasks>
            </section>
            <section class="half left" aria-label="What it is about">
                <section class="stack tight">
                    <h2>"People"</h2>
                    <Facts>
                        <Fact name="Assignee"><Person name="Aiko Ito" /></Fact>
                        <Fact name="Technical"><Person name="Jo Park" /></Fact>
                        <Fact name="Developer"><Person name="Dana Reyes" role="owner" /></Fact>
                    </Facts>
                </section>
                <section class="stack tight">
                    <h2>"Timeline"</h2>
                    <Timeline label="What happened, newest first" entries=entries />
                </section>
            </section>
        </div>
    };
    frame("/cases/UD-1042", content.into_any())
}

pub fn pieces() -> impl IntoView {
    let tones = [Tone::Info, Tone::Done, Tone::Attention, Tone::Problem]
        .map(|tone| view! { <Notice tone=tone><p>"Someone else changed this case while you wrote. Your text is kept below; read what changed, then decide."</p></Notice> });
    let icons = Pic::ALL
        .iter()
        .map(|pic| view! { <span class="row"><Icon pic=*pic />{format!("{pic:?}")}</span> })
        .collect_view();
    let content = view! {
        <PageHead title="Pieces" lead="Everything that has no page of its own here." crumbs=vec![("Administration".into(), "/admin".into())] />
        {tones.into_iter().collect_view()}
        <EmptyState title="Nothing waits for you" text="Cases appear here when it is your turn. 11 cases need a reviewer.">
            <ButtonLink href="/queue">"Get next"</ButtonLink>
        </EmptyState>
        <div class="row">{StateKind::ALL.iter().map(|s| view! { <StateTag state=*s grant=None /> }).collect_view()}<Status hue=Hue::Overdue text="Overdue" /></div>
        <div class="row">
            <Button>"Confirm complete"</Button>
            <Button weight=Weight::Quiet>"Release"</Button>
            <Button weight=Weight::Danger>"Revoke grant"</Button>
            <Button weight=Weight::Link icon=Some(Pic::Download)>"Export as CSV"</Button>
        </div>
        <div class="row">{icons}</div>
        <Card title="Signature">
            <Facts>
                <Fact name="Signed by"><Person name="Dana Reyes" role="Chief Executive" /></Fact>
                <Fact name="At"><Time at=at(datetime!(2026-11-22 14:02 UTC)) /></Fact>
                <Fact name="Document"><Hash text="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" /></Fact>
                <Fact name="Client id"><Code text="kq7Jt0rGfW2xYb1c" /></Fact>
            </Facts>
            <Secret text="sk_7Jt0rGfW2xYb1cQm9ZpL4vNaR8sTdE3u" />
        </Card>
        <Files>
            <FileRow name="architecture-v2.pdf" href="/f/1" size=1_250_000 kind="PDF" at=at(datetime!(2026-11-22 14:02 UTC)) />
            <FileRow name="sign-in with a very long name that a person gave to a screen recording on a Friday evening.mp4" href="/f/2" size=82_000_000 kind="Video">
                <Button weight=Weight::Link>"Remove file"</Button>
            </FileRow>
        </Files>
    };
    frame("/admin/pieces", content.into_any())
}
