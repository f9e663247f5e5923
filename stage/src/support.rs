//! What the demo's developers asked, and what became of it: requests in every state, an article that
//! is released and one that waits.

use super::{
    script::{Script, Step},
    stage::Stage,
};
use casework::{
    Error, Result,
    support::{
        commands::{self as steps, OpenRequestInput, PublishCannedTextInput, WriteArticleInput},
        queries::{articles_to_decide, request_page},
    },
};
use workflow::{
    AppId, CaseNumber,
    support::{Category, Environment, RequestNumber},
};

/// One step on a request; people by username, requests by a key of the script.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    Open {
        by: &'static str,
        about: Category,
        place: Environment,
        subject: &'static str,
        text: &'static str,
    },
    Take(&'static str),
    Reply(&'static str, &'static str),
    Solve(&'static str, &'static str),
    Note(&'static str, &'static str),
    Answer(&'static str, &'static str),
    Rate(&'static str, u32, &'static str),
    /// Into the request of this key.
    Merge(&'static str, &'static str),
    Move(&'static str, &'static str),
    /// The newest case of the story's app.
    Link(&'static str),
    /// Title, question, answer.
    Write(&'static str, [&'static str; 3]),
    Release(&'static str),
}

/// What support answers again and again: title and text.
const TEXTS: [(&str, &str); 2] = [
    (
        "Ask for a request id",
        "Hello {developer},\n\nplease send us the request id of a call by {app} that failed; it stands in the header of the answer. With it we find the call in our logs, and answer here under {number}.",
    ),
    (
        "Times are in UTC",
        "All times of the interface are in UTC. Ask for a day by its borders in UTC, and convert for what {app} shows.",
    ),
];

/// Publishes them, as an admin does.
pub(super) async fn keep_texts(stage: &Stage) -> Result<()> {
    for (title, body) in TEXTS {
        let input = PublishCannedTextInput {
            text: None,
            seen: 0,
            title: title.to_owned(),
            body: body.to_owned(),
            retired: false,
        };
        steps::publish_canned_text(&stage.desk, stage.person("dana")?, &input).await?;
    }
    Ok(())
}

impl Stage {
    /// Plays one step on the request of this key.
    pub(super) async fn ask(&mut self, app: &str, key: &'static str, step: &Asked) -> Result<()> {
        if let Asked::Open { by, .. } = step {
            let mut input = open(step, self.app(app)?)?;
            if input.category == Some(Category::Application) {
                input.case = self.newest_case(app)?.to_string();
            }
            let number = steps::open_request(&self.desk, self.person(by)?, &input, &[]).await?;
            self.requests.insert(key, number);
            return Ok(());
        }
        let number = self.request(key)?;
        let desk = &self.desk;
        match step {
            Asked::Open { .. } => {}
            Asked::Take(by) => {
                let who = self.person(by)?;
                let seen = request_page(desk, who, number).await?.version;
                steps::assign_request(desk, who, number, Some(who.person), seen).await?;
            }
            Asked::Reply(by, text) | Asked::Solve(by, text) => {
                let who = self.person(by)?;
                let seen = request_page(desk, who, number).await?.version;
                let solved = matches!(step, Asked::Solve(..));
                steps::reply_to_request(desk, who, number, text, &[], solved, seen).await?;
            }
            Asked::Note(by, text) => {
                steps::note_on_request(desk, self.person(by)?, number, text).await?;
            }
            Asked::Answer(by, text) => {
                steps::answer_request(desk, self.person(by)?, number, text, &[]).await?;
            }
            Asked::Rate(by, stars, text) => {
                steps::rate_request(desk, self.person(by)?, number, Some(*stars), text).await?;
            }
            Asked::Merge(by, into) => {
                let who = self.person(by)?;
                let into = self.request(into)?.to_string();
                let seen = request_page(desk, who, number).await?.version;
                steps::merge_request(desk, who, number, &into, seen).await?;
            }
            Asked::Move(by, place) => {
                let who = self.person(by)?;
                let seen = request_page(desk, who, number).await?.version;
                steps::move_request(desk, who, number, place, seen).await?;
            }
            Asked::Link(by) => {
                let case: CaseNumber = self.newest_case(app)?;
                steps::link_request(desk, self.person(by)?, number, &case.to_string()).await?;
            }
            Asked::Write(by, [title, question, answer]) => {
                let input = WriteArticleInput {
                    request: number,
                    title: (*title).to_owned(),
                    question: (*question).to_owned(),
                    answer: (*answer).to_owned(),
                };
                steps::write_article(desk, self.person(by)?, &input).await?;
            }
            Asked::Release(by) => {
                let who = self.person(by)?;
                let waiting = articles_to_decide(desk, who).await?;
                let article = waiting.iter().find(|one| one.request == number);
                let article = article.ok_or(Error::NotFound)?.id;
                steps::decide_article(desk, who, article, true, "").await?;
            }
        }
        Ok(())
    }

    fn request(&self, key: &str) -> Result<RequestNumber> {
        self.requests.get(key).copied().ok_or(Error::NotFound)
    }
}

fn open(step: &Asked, app: AppId) -> Result<OpenRequestInput> {
    match step {
        Asked::Open {
            about,
            place,
            subject,
            text,
            ..
        } => Ok(OpenRequestInput {
            subject: (*subject).to_owned(),
            category: Some(*about),
            app: Some(app),
            case: String::new(),
            environment: Some(*place),
            text: (*text).to_owned(),
            files: String::new(),
        }),
        _ => Err(Error::Malformed),
    }
}

/// All of it.
#[rustfmt::skip]
pub(super) fn all(script: &mut Script) {
    let a = |key, asked| Step::Asked(key, asked);
    // Solved long ago, rated, closed by the clock; everybody reads the answer.
    script.app("coach")
        .on(40).then(a("tokens", Asked::Open {
            by: "maya", about: Category::Api, place: Environment::Sandbox,
            subject: "Refreshing a token fails now and then",
            text: "About once a day a refresh answers 400 invalid_grant and the user has to sign in again. We refresh from two processes. What are we doing wrong?",
        }))
        .on(39).then(a("tokens", Asked::Take("noor")))
        .then(a("tokens", Asked::Solve("noor", "Two refreshes at the same time use the same refresh token; the first one ends it. Refresh from one place, and let the other wait for its answer.")))
        .on(38).then(a("tokens", Asked::Rate("maya", 5, "Clear and quick.")))
        .on(37).then(a("tokens", Asked::Write("noor", [
            "Why does refreshing a token fail now and then?",
            "A refresh sometimes answers 400 invalid_grant, and the user has to sign in again.",
            "A refresh token works once. If two processes refresh at the same time, the second one uses a token that has ended.\n\nRefresh from one place only, and let the others wait for its answer. Keep the new refresh token before you use the new access token.",
        ])))
        .on(36).then(a("tokens", Asked::Release("jonas")));
    // Solved lately: can still be reopened and rated. Its article waits.
    script.app("rides")
        .on(6).then(a("webhook", Asked::Open {
            by: "maya", about: Category::Api, place: Environment::Sandbox,
            subject: "No readings between 02:00 and 03:00 on the day the clocks change",
            text: "Our charts have a hole of one hour on that night. Is the data missing, or do we ask for it wrongly?",
        }))
        .on(5).then(a("webhook", Asked::Take("jonas")))
        .then(a("webhook", Asked::Solve("jonas", "Nothing is missing: times are in UTC. Ask for the day by its UTC borders, and convert for the chart.")))
        .on(4).then(a("webhook", Asked::Write("jonas", [
            "Why is an hour of readings missing when the clocks change?",
            "On the night of the change a chart has a hole of one hour.",
            "Nothing is missing. All times are in UTC. Ask for a day by its borders in UTC, and convert the times for your users only when you show them.",
        ])));
    // With the developer.
    script.app("night")
        .on(4).then(a("limits", Asked::Open {
            by: "maya", about: Category::Access, place: Environment::Production,
            subject: "Rate limit reached at night",
            text: "Between 01:00 and 02:00 we get 429 for about five minutes. Can our limit be raised?",
        }))
        .on(3).then(a("limits", Asked::Take("noor")))
        .then(a("limits", Asked::Link("noor")))
        .then(a("limits", Asked::Note("noor", "They read all accounts at the full hour. Before we raise anything they should spread it.")))
        .then(a("limits", Asked::Reply("noor", "At 01:00 all accounts are read at once. Can you spread the reads over the hour? Tell us how many accounts you expect next month.")));
    // About a question of ours on the application: what is written here can become its answer.
    script.app("night")
        .on(3).then(a("partners", Asked::Open {
            by: "maya", about: Category::Application, place: Environment::Neither,
            subject: "What do you mean by partners?",
            text: "You ask who the partners in our privacy policy are. It is only the company that runs our servers. Is that what you want to know?",
        }))
        .on(2).then(a("partners", Asked::Take("jonas")))
        .then(a("partners", Asked::Reply("jonas", "Yes. Answer it so on your application, and say what they can see.")));
    // The same again: goes on in the one before.
    script.app("night")
        .on(2).then(a("again", Asked::Open {
            by: "maya", about: Category::Access, place: Environment::Production,
            subject: "429 again tonight",
            text: "It happened again, at 01:03.",
        }))
        .on(1).then(a("again", Asked::Merge("noor", "limits")));
    // With us, written to again; overdue.
    script.app("trends")
        .on(9).then(a("scopes", Asked::Open {
            by: "eleni", about: Category::Api, place: Environment::Sandbox,
            subject: "Which scope do sleep phases need?",
            text: "The page of scopes names sleep, and we get 403 for phases.",
        }))
        .on(8).then(a("scopes", Asked::Take("noor")))
        .then(a("scopes", Asked::Reply("noor", "Which endpoint do you call? Leave the token out.")))
        .on(7).then(a("scopes", Asked::Answer("eleni", "GET /v2/sleep/phases, with the scope sleep.read.")));
    // Moved to another place.
    script.app("sukkar")
        .on(12).then(a("invoice", Asked::Open {
            by: "aisha", about: Category::Other, place: Environment::Neither,
            subject: "Our address on the invoice is wrong",
            text: "We have moved. Where do we change the address of the invoice?",
        }))
        .on(11).then(a("invoice", Asked::Move("jonas", "Accounts, accounts@portal.example: they have your question.")));
    // New ones.
    script.app("loop")
        .minutes_ago(200).then(a("secret", Asked::Open {
            by: "sam", about: Category::Security, place: Environment::Production,
            subject: "Our client secret was in a public repository",
            text: "It was there for an hour. We have replaced it in the app's profile. What else should we do?",
        }));
    script.app("journal")
        .minutes_ago(90).then(a("sandbox", Asked::Open {
            by: "ines", about: Category::Account, place: Environment::Sandbox,
            subject: "How do I get more accounts in the sandbox?",
            text: "The three accounts that are there have no data of pumps.",
        }));
}
