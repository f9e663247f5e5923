//! What happened on the demo's desk in the past weeks: cases in every state.

use super::script::{File, Script, Step as S};
use casework::commands::GrantChange;
use workflow::{
    checklist::ListKind,
    event::DeclineReason as Why,
    state::{
        AccessLevel::{Full, Limited},
        Seat::{Case, Commercial as CommercialSeat, Technical as TechnicalSeat},
        Track::{Commercial, Technical},
    },
};

/// All of it.
pub(super) fn all() -> Script {
    let mut script = Script::default();
    acme(&mut script);
    kardia(&mut script);
    nabd(&mut script);
    okafor(&mut script);
    sato(&mut script);
    vitalis(&mut script);
    super::support::all(&mut script);
    super::gallery::all(&mut script);
    super::partners::all(&mut script);
    script
}

#[rustfmt::skip]
fn acme(script: &mut Script) {
    // Limited granted; Full in review, one track passed, findings open, the agreement accepted.
    script.app("coach")
        .on(58).then(S::Start(Limited)).then(S::Fill(4)).then(S::Attach(File::Screen))
        .on(57).then(S::Fill(usize::MAX)).then(S::Attach(File::Brochure)).then(S::Submit)
        .on(55).complete("rosa")
        .on(53).commercial("ito")
        .on(52).then(S::AcceptDla)
        .on(51).then(S::Approve("anders", "A careful first application."))
        .on(24).apply(Full).then(S::Attach(File::Architecture))
        .on(22).then(S::Submit)
        .on(20).complete("olena")
        .on(17).commercial("rosa")
        .on(16).take("ben", TechnicalSeat).then(S::Check("ben", ListKind::Technical, 7))
        .on(14)
        .fail_technical("ben", "token_rotation", "Two refreshes at the same time leave the account with a token that no longer works. The recording shows it at 02:40.")
        .fail_technical("ben", "revocation", "After access is withdrawn the app goes on showing the old day and says nothing. It must stop and tell the user.")
        .then(S::Check("ben", ListKind::Technical, 6))
        .on(12).then(S::AcceptDla);
    script.app("sleep").on(2).then(S::Start(Limited)).then(S::Fill(3));
    // Two questions open, due in a few days.
    script.app("night")
        .on(12).apply(Limited)
        .on(11).then(S::Submit)
        .on(9).take("ito", Case).then(S::Check("ito", ListKind::Completeness, 2))
        .on(6).then(S::Ask("ito", &[
            ("field:privacy_policy", "The policy speaks of “partners” with whom data may be shared. Who are they, and what do they receive?"),
            ("field:data_use", "You delete readings after 30 days. Does that hold for the summary texts as well?"),
        ]));
    script.app("rides")
        .on(21).apply(Limited)
        .on(20).then(S::Attach(File::Brochure)).then(S::Submit)
        .on(18).complete("rosa")
        .on(15).take("rosa", CommercialSeat).then(S::Check("rosa", ListKind::Commercial, 2))
        .on(13)
        .fail_commercial("rosa", "matches_screens", "The brochure shows a leaderboard of riders by time in range. The application does not mention it.")
        .fail_commercial("rosa", "support", "Mail to the support address comes back as undeliverable.")
        .on(12).then(S::RequestCorrections("rosa"));
    // Waits for the signature of the agreement.
    script.app("meal")
        .on(16).apply(Limited)
        .on(15).then(S::Attach(File::Screen)).then(S::Submit)
        .on(13).complete("ito")
        .on(10).commercial("ito");
}

#[rustfmt::skip]
fn kardia(script: &mut Script) {
    // Two rounds, and ready for the decision.
    script.app("trends")
        .on(40).apply(Full)
        .on(38).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(36).complete("olena")
        .on(34).take("ito", CommercialSeat).pass("ito", Commercial)
        .on(33).then(S::AcceptDla)
        .on(32).take("ben", TechnicalSeat)
        .on(31)
        .fail_technical("ben", "back_off", "On 429 the worker tries again at once, 40 times in a minute in the log of 3 October.")
        .fail_technical("ben", "times", "On the day the clocks changed the overlay draws an hour twice.")
        .then(S::Check("ben", ListKind::Technical, usize::MAX))
        .on(30).then(S::RequestCorrections("ben"))
        .on(12).then(S::Resubmit(&[
            "Retries now wait 2, 4, 8 … seconds with jitter, up to five minutes; the log of the simulated failure is attached to our quality file.",
            "The overlay is drawn in system time and labelled in display time; the fixture of the change of clocks is part of our tests.",
        ]))
        .on(7).pass("ito", Commercial)
        .on(3).pass("ben", Technical);
    script.app("research").on(3).apply(Limited).minutes_ago(170).then(S::Submit);
    script.app("sleepgr")
        .on(25).apply(Limited)
        .on(24).then(S::Submit)
        .on(21).complete("rosa")
        .on(20).take("ito", CommercialSeat).then(S::Check("ito", ListKind::Commercial, 1))
        .on(19).fail_commercial("ito", "data_use", "The terms of service allow “insights” to be sold to employers. That is resale of the data.")
        .then(S::ProposeDecline("ito", Why::DataUse, "The terms allow the sale of figures drawn from readings to employers; asked on the phone, the developer wishes to keep that."))
        .on(17).then(S::Decline("anders", Why::DataUse, "Your terms of service allow figures drawn from glucose readings to be sold to employers. The data may not be resold in any form. Change section 7 of the terms and appeal, or apply again."));
    script.app("runner")
        .on(49).apply(Limited)
        .on(48).then(S::Submit)
        .on(47).complete("rosa").commercial("rosa")
        .on(46).then(S::AcceptDla)
        .on(45).then(S::Approve("priya", ""))
        .on(6).then(S::Grant("priya", GrantChange::Suspend, "Three people report that the log shows runs of somebody else. Access rests until you have found out why."));
}

#[rustfmt::skip]
fn nabd(script: &mut Script) {
    script.app("sukkar")
        .on(41).apply(Limited)
        .on(40).then(S::Submit)
        .on(39).complete("ito")
        .on(37).commercial("ito")
        .on(36).then(S::AcceptDla)
        .on(35).then(S::Approve("anders", "Well prepared; the Arabic screens were read by a colleague."))
        .on(4).then(S::Start(Full)).then(S::Fill(7));
    // Nobody has looked at it for long: our own aim is missed.
    script.app("board")
        .on(26).apply(Full)
        .on(25).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(22).take("olena", Case).then(S::Check("olena", ListKind::Completeness, 3));
    script.app("ramadan")
        .on(19).apply(Limited)
        .on(18).then(S::Attach(File::Screen)).then(S::Submit)
        .on(16).complete("rosa")
        .on(13).commercial("rosa")
        .on(4).then(S::AcceptDla);
    script.app("kids")
        .on(36).apply(Limited)
        .on(35).then(S::Submit)
        .on(34).take("ito", Case).then(S::Check("ito", ListKind::Completeness, 3))
        .on(33).then(S::Decline("priya", Why::Privacy, "The privacy policy does not say who agrees for a child, and how a parent withdraws that. Write it down and appeal."))
        .on(17).then(S::Reopen { by: "lena", to: "rosa", reason: "The policy now has a section on children, and a parent can withdraw in the app." })
        .on(6).then(S::Check("rosa", ListKind::Completeness, 3));
}

#[rustfmt::skip]
fn okafor(script: &mut Script) {
    // Nobody answered: the clock lets it lapse.
    script.app("tiny")
        .on(46).apply(Limited)
        .on(45).then(S::Submit)
        .on(43).take("rosa", Case).then(S::Check("rosa", ListKind::Completeness, 1))
        .on(42).then(S::Ask("rosa", &[("field:security_email", "Nobody answers at the security address. Who reads it?")]));
    script.app("sheet")
        .on(31).apply(Limited)
        .on(30).then(S::Submit)
        .on(27).then(S::Withdraw("I will join Kardia's study instead and do not need this any more."));
    script.app("loop")
        .on(18).apply(Limited)
        .on(17).then(S::Submit)
        .on(15).complete("ito")
        .on(12).take("ito", CommercialSeat).then(S::Check("ito", ListKind::Commercial, 3))
        .on(6).fail_commercial("ito", "regulatory", "The view proposes “try 10 % less basal”. That is dosing advice, and the application says there is none.")
        .on(5).then(S::ProposeDecline("ito", Why::Regulatory, "The recording shows dosing advice at 01:55, and the developer does not want to remove it."));
    script.app("glance").on(9).apply(Limited).on(8).then(S::Attach(File::Screen)).then(S::Submit);
}

#[rustfmt::skip]
fn sato(script: &mut Script) {
    // The second round, with another technical reviewer.
    script.app("note")
        .on(50).apply(Full)
        .on(48).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(46).complete("olena")
        .on(43).commercial("rosa")
        .on(41).take("ben", TechnicalSeat).then(S::Check("ben", ListKind::Technical, 3))
        .on(40)
        .fail_technical("ben", "low_high_null", "A reading of “low” is printed as 39. It must be written as low.")
        .fail_technical("ben", "gaps", "Gaps of up to 30 minutes are filled by a straight line.")
        .on(37).then(S::RequestCorrections("ben"))
        .on(28).then(S::Resubmit(&[
            "“Low” and “high” are now printed as 低 and 高; the fixture with both is in our tests.",
            "Gaps are left open, whatever their length.",
        ]))
        .on(26).pass("rosa", Commercial)
        .on(21).then(S::Check("ben", ListKind::Technical, 5))
        .on(10).then(S::Release("ben", TechnicalSeat))
        .then(S::Assign { by: "lena", seat: TechnicalSeat, to: "olena" })
        .on(9).then(S::Check("olena", ListKind::Technical, 9));
    script.app("ward")
        .on(10).apply(Limited)
        .on(9).then(S::Attach(File::Brochure)).then(S::Submit)
        .on(7).complete("rosa")
        .on(6).take("ito", CommercialSeat).then(S::Check("ito", ListKind::Commercial, 4));
    // The answer is overdue; reminded twice.
    script.app("analytics")
        .on(27).apply(Full)
        .on(26).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(24).complete("olena")
        .on(22).commercial("ito")
        .on(20).take("ben", TechnicalSeat).then(S::Check("ben", ListKind::Technical, 8))
        .on(13).then(S::Ask("ben", &[
            ("item:technical:rate_limit", "Twelve hospitals read at the same hour. Please show the design volume for the whole, not for one hospital."),
        ]));
    script.app("cohort")
        .on(56).apply(Limited)
        .on(55).then(S::Submit)
        .on(54).complete("rosa").commercial("rosa")
        .on(53).then(S::AcceptDla)
        .on(52).then(S::Approve("priya", "The ethics vote was seen."))
        .on(30).then(S::Grant("anders", GrantChange::Revoke, "The study has ended and its sponsor asked for the access to be closed."));
}

#[rustfmt::skip]
fn vitalis(script: &mut Script) {
    // An answer has arrived.
    script.app("journal")
        .on(15).apply(Limited)
        .on(14).then(S::Submit)
        .on(12).take("rosa", Case).then(S::Check("rosa", ListKind::Completeness, 4))
        .on(11).then(S::Ask("rosa", &[
            ("field:target_users", "Is the journal offered to people under 18 as well?"),
            ("case", "Please name the person who answers to us for questions about data protection."),
        ]))
        .on(7).then(S::Answer(&[
            "No. The age is asked for at registration, and under 18 no account is made.",
            "Our data protection officer is Rui Tavares, dpo@vitalis.example.",
        ]));
    // The whole way, twice.
    script.app("vcoach")
        .on(60).apply(Limited)
        .on(59).then(S::Submit)
        .on(58).complete("ito")
        .on(57).commercial("ito").then(S::AcceptDla)
        .on(56).then(S::Approve("anders", ""))
        .on(44).apply(Full)
        .on(43).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(41).complete("rosa")
        .on(39).commercial("rosa")
        .on(37).take("ben", TechnicalSeat)
        .then(S::NotApplicable { by: "ben", list: ListKind::Technical, item: "trend_arrows", note: "The app shows no arrows." })
        .fail_technical("ben", "data_range", "The worker asks for whole days instead of using the range of the data.")
        .fail_technical("ben", "at_rest", "The encryption of the backups is described but not yet in force.")
        .on(35).then(S::Waive("ben", "data_range", "At two calls a day it makes no difference; noted for the next version."))
        .then(S::Date("ben", "at_rest", 90))
        .on(33).pass("ben", Technical)
        .on(31).then(S::AcceptDla)
        .on(28).then(S::Approve("priya", "One finding is dated; the rest is exemplary."));
    // Corrections whose date has passed.
    script.app("dose")
        .on(33).apply(Full)
        .on(32).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(31).complete("lena")
        .on(29).commercial("rosa")
        .on(27).take("olena", TechnicalSeat).then(S::Check("olena", ListKind::Technical, 6))
        .on(25)
        .fail_technical("olena", "no_alarms", "A banner says “consider a correction” above 250 mg/dL. That is dosing advice from delayed data.")
        .fail_technical("olena", "units", "The chart's axis stays in mg/dL when the unit is switched to mmol/L.")
        .on(23).then(S::RequestCorrections("olena"));
    script.app("employers").on(4).apply(Limited).on(3).then(S::Submit);
    script.app("lab")
        .on(24).apply(Full)
        .on(23).then(S::Attach(File::Architecture)).then(S::Submit)
        .on(22).complete("olena")
        .on(19).commercial("rosa")
        .on(15).technical("ben");
    script.app("kitchen")
        .on(8).apply(Limited)
        .on(7).then(S::Submit)
        .on(6).then(S::Assign { by: "lena", seat: Case, to: "olena" })
        .on(5).then(S::Check("olena", ListKind::Completeness, 2));
}
