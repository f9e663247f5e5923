//! Steps on support requests.

use crate::web::{Done, Next, Step, Visit};
use casework::{
    Result,
    support::commands::{
        self, AnswerRequestInput, AssignRequestInput, CloseRequestInput, DecideArticleInput,
        LinkRequestInput, MergeRequestInput, MoveRequestInput, NextRequestInput, NoteRequestInput,
        OpenRequestInput, PublishCannedTextInput, RateRequestInput, ReleaseRequestInput,
        RemoveRequestFileInput, ReopenRequestInput, ReplyRequestInput, TakeOutArticleInput,
        UnlinkRequestInput, WriteArticleInput,
    },
};
use workflow::support::RequestNumber;

/// The steps of this file.
pub(super) fn steps() -> Vec<Step> {
    vec![
        Step::new(open_request),
        Step::new(answer_request),
        Step::new(reopen_request),
        Step::new(remove_request_file),
        Step::new(close_request),
        Step::new(rate_request),
        Step::new(reply_to_request),
        Step::new(note_on_request),
        Step::new(assign_request),
        Step::new(release_request),
        Step::new(link_request),
        Step::new(unlink_request),
        Step::new(merge_request),
        Step::new(move_request),
        Step::new(next_request),
        Step::new(write_article),
        Step::new(decide_article),
        Step::new(take_out_article),
        Step::new(publish_canned_text),
    ]
}

/// The page of a request.
pub fn request_path(number: RequestNumber) -> String {
    format!("/support/{number}")
}

fn back_to(number: RequestNumber, done: Done) -> Next {
    Next::to(request_path(number)).saying(done)
}

/// Opens a request.
async fn open_request(visit: Visit, input: OpenRequestInput) -> Result<Next> {
    let number = commands::open_request(&visit.desk, visit.caller()?, &input, &visit.files).await?;
    Ok(back_to(number, Done::RequestOpened))
}

/// Answers as its developer.
async fn answer_request(visit: Visit, input: AnswerRequestInput) -> Result<Next> {
    let number = input.request;
    let files = &visit.files;
    commands::answer_request(&visit.desk, visit.caller()?, number, &input.text, files).await?;
    Ok(back_to(number, Done::AnswerSent))
}

/// Reopens a request.
async fn reopen_request(visit: Visit, input: ReopenRequestInput) -> Result<Next> {
    let number = input.request;
    let files = &visit.files;
    commands::reopen_request(&visit.desk, visit.caller()?, number, &input.text, files).await?;
    Ok(back_to(number, Done::Reopened))
}

/// Takes out a file that has not been sent.
async fn remove_request_file(visit: Visit, input: RemoveRequestFileInput) -> Result<Next> {
    let number = input.request;
    commands::remove_request_file(&visit.desk, visit.caller()?, number, input.file).await?;
    Ok(back_to(number, Done::FileRemoved))
}

/// Closes a request.
async fn close_request(visit: Visit, input: CloseRequestInput) -> Result<Next> {
    let number = input.request;
    commands::close_request(&visit.desk, visit.caller()?, number, input.version).await?;
    Ok(back_to(number, Done::RequestClosed))
}

/// Rates a request.
async fn rate_request(visit: Visit, input: RateRequestInput) -> Result<Next> {
    let (number, stars) = (input.request, input.stars);
    commands::rate_request(&visit.desk, visit.caller()?, number, stars, &input.comment).await?;
    Ok(back_to(number, Done::RequestRated))
}

/// Replies to the developer, or puts a canned text behind what was typed.
async fn reply_to_request(visit: Visit, input: ReplyRequestInput) -> Result<Next> {
    let (number, solved, seen) = (input.request, input.solved, input.version);
    let (caller, files) = (visit.caller()?, &visit.files);
    if input.put_in {
        commands::put_in_canned_text(&visit.desk, caller, number, input.canned).await?;
    }
    commands::reply_to_request(
        &visit.desk,
        caller,
        number,
        &input.text,
        files,
        solved,
        seen,
    )
    .await?;
    Ok(back_to(
        number,
        if solved {
            Done::RequestSolved
        } else {
            Done::ReplySent
        },
    ))
}

/// Adds a note.
async fn note_on_request(visit: Visit, input: NoteRequestInput) -> Result<Next> {
    let number = input.request;
    commands::note_on_request(&visit.desk, visit.caller()?, number, &input.text).await?;
    Ok(back_to(number, Done::NoteAdded))
}

/// Makes somebody responsible.
async fn assign_request(visit: Visit, input: AssignRequestInput) -> Result<Next> {
    let (number, to, seen) = (input.request, input.to, input.version);
    commands::assign_request(&visit.desk, visit.caller()?, number, to, seen).await?;
    Ok(back_to(number, Done::Assigned))
}

/// Gives a request back.
async fn release_request(visit: Visit, input: ReleaseRequestInput) -> Result<Next> {
    let number = input.request;
    commands::release_request(&visit.desk, visit.caller()?, number, input.version).await?;
    Ok(back_to(number, Done::Released))
}

/// Links a case.
async fn link_request(visit: Visit, input: LinkRequestInput) -> Result<Next> {
    let number = input.request;
    commands::link_request(&visit.desk, visit.caller()?, number, &input.case).await?;
    Ok(back_to(number, Done::CaseLinked))
}

/// Takes the link to a case away.
async fn unlink_request(visit: Visit, input: UnlinkRequestInput) -> Result<Next> {
    let (number, case) = (input.request, input.case);
    commands::unlink_request(&visit.desk, visit.caller()?, number, case).await?;
    Ok(back_to(number, Done::CaseUnlinked))
}

/// Merges a request into another.
async fn merge_request(visit: Visit, input: MergeRequestInput) -> Result<Next> {
    let (number, seen) = (input.request, input.version);
    commands::merge_request(&visit.desk, visit.caller()?, number, &input.into, seen).await?;
    Ok(back_to(number, Done::RequestMerged))
}

/// Moves a request to another place.
async fn move_request(visit: Visit, input: MoveRequestInput) -> Result<Next> {
    let (number, seen) = (input.request, input.version);
    commands::move_request(&visit.desk, visit.caller()?, number, &input.place, seen).await?;
    Ok(back_to(number, Done::RequestMoved))
}

/// Takes the request that is due first.
async fn next_request(visit: Visit, _: NextRequestInput) -> Result<Next> {
    Ok(
        match commands::next_request(&visit.desk, visit.caller()?).await? {
            Some(number) => back_to(number, Done::YourRequest),
            None => Next::to("/support/queue").saying(Done::NothingWaits),
        },
    )
}

/// Makes an article of a request.
async fn write_article(visit: Visit, input: WriteArticleInput) -> Result<Next> {
    let slug = commands::write_article(&visit.desk, visit.caller()?, &input).await?;
    Ok(Next::to(format!("/support/articles/{slug}")).saying(Done::ArticleWritten))
}

/// Releases an article, or refuses to.
async fn decide_article(visit: Visit, input: DecideArticleInput) -> Result<Next> {
    let (caller, article) = (visit.caller()?, input.article);
    let (released, reason) = (input.released, &input.reason);
    let slug = commands::decide_article(&visit.desk, caller, article, released, reason).await?;
    Ok(if released {
        Next::to(format!("/support/articles/{slug}")).saying(Done::ArticleReleased)
    } else {
        Next::to("/support/queue").saying(Done::ArticleRefused)
    })
}

/// Takes a released article out.
async fn take_out_article(visit: Visit, input: TakeOutArticleInput) -> Result<Next> {
    let (caller, article) = (visit.caller()?, input.article);
    let number = commands::take_out_article(&visit.desk, caller, article, &input.reason).await?;
    Ok(back_to(number, Done::ArticleTakenOut))
}

/// Publishes a canned text, or retires it.
async fn publish_canned_text(visit: Visit, input: PublishCannedTextInput) -> Result<Next> {
    commands::publish_canned_text(&visit.desk, visit.caller()?, &input).await?;
    let done = match input.retired {
        true => Done::CannedTextRetired,
        false => Done::CannedTextPublished,
    };
    Ok(Next::to("/support/texts").saying(done))
}
