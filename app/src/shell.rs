//! The document around every page, and the routes.

use crate::pages::account::{
    ForgotPage, ForgotSentPage, InvitationPage, RegisterPage, RegisterSentPage, ResetPage,
    SignInPage, VerifyPage,
};
use crate::pages::admin::{
    AdminAgreementPage, AdminGuidePage, AdminGuideVersionPage, AdminGuidesPage, AdminMailPage,
    AdminPeoplePage, AdminPersonPage, AdminSettingsPage, AgreementsPage, ChecklistPage,
    ChecklistsPage, GatewayTokenPage, GatewaysPage,
};
use crate::pages::audit::AuditPage;
use crate::pages::cases::{CaseScreen, CaseStepPage, PendingReviewsPage};
use crate::pages::compare::{CompareCasePage, CompareOwnPage};
use crate::pages::demo_mail::{DemoInboxPage, DemoMailPage};
use crate::pages::find::FindPage;
use crate::pages::gallery::{
    EntriesPage, EntryImagesPage, EntryPage, EntryTextsPage, GalleryPage, MyEntryPage,
    ReviewEntryPage,
};
use crate::pages::inbox::{InboxEntryPage, InboxPage};
use crate::pages::living::{ChangePage, ChangesPage};
use crate::pages::open::{
    EnvironmentsPage, FullAccessPage, GuidesPage, HomePage, LimitedAccessPage, OpenAgreementPage,
    OpenAgreementsPage, OpenChecklistsPage, SandboxPage, ScopesPage,
};
use crate::pages::own::{
    AccountPage, CloseAccountPage, ConfirmEmailPage, EmailChangedPage, HalfConfirmedPage,
    NewPasskeyPage, OwnAbsencesPage, OwnConflictsPage, OwnEmailPage, OwnKeyboardPage,
    OwnLettersPage, OwnPasswordPage, OwnProfilePage, PasskeyPage, PasskeysPage, RecoveryCodesPage,
    SecondFactorPage, SignPage,
};
use crate::pages::partners::{DecidePartnerPage, PartnerPage, PartnersPage, ReacceptPage};
use crate::pages::queue::{BulkChoicePage, BulkRunPage, QueuePage, SavedViewsPage, TagsPage};
use crate::pages::sign_in::{PasskeySignInPage, SignInCodePage};
use crate::pages::support::{
    ArticlePage, CannedTextPage, CannedTextsPage, NewRequestPage, RequestScreen, RequestsQueuePage,
    SupportPage, WriteArticlePage,
};
use crate::pages::workload::{WorkOfPage, WorkloadPage};
use crate::pages::{
    application::{
        AgreementPage, AnswerPage, AppealPage, ApplicationPage, CheckPage, CorrectionsPage,
        FormFilesPage, FormPage, FormStartPage, SelfCheckPage, WithdrawPage,
    },
    apps::{AppPage, AppsPage, EditAppPage, MembersPage, NewAppPage, RedirectsPage, SecretPage},
};
use crate::web::{Problem, ProblemPage};
use leptos::prelude::*;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::{
    SsrMode::Async,
    components::{FlatRoutes, Route, Router},
    location::RequestUrl,
    path,
};

/// The document of the page that answers the address.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    document(options, || view! { <App /> }.into_any())
}

/// The document of a problem, whatever the address.
pub fn problem_shell(options: LeptosOptions, problem: Problem) -> impl IntoView {
    document(options, move || {
        view! { <ProblemPage problem=problem /> }.into_any()
    })
}

/// The HTML document: head, style sheet, scripts, and the page inside.
fn document(options: LeptosOptions, page: impl FnOnce() -> AnyView) -> impl IntoView {
    let style_sheet = format!("/{}/{}.css", options.site_pkg_dir, options.output_name);
    let font = format!("/{}/fonts/inter-latin.woff2", options.site_pkg_dir);
    let mark = format!("/{}/favicon.svg", options.site_pkg_dir);
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" type="image/svg+xml" href=mark />
                <link as="font" rel="preload" href=font type="font/woff2" crossorigin="" />
                <link rel="stylesheet" href=style_sheet />
                <AutoReload options=options.clone() />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>{page()}</body>
        </html>
    }
}

/// The page that answers the address. Every page is rendered whole before the first byte is sent, so
/// that its status is right and nobody without scripts is left with a place holder.
#[component]
pub fn App() -> impl IntoView {
    let url = use_context::<RequestUrl>().unwrap_or_default();
    let path = url.parse().map(|url| url.path().to_owned());
    let path = path.unwrap_or_default();
    let first = path.split('/').nth(1).unwrap_or_default();
    let room = ROOMS.iter().find(|(name, _)| *name == first);
    in_room(room.map_or(others as Room, |(_, room)| *room))
}

/// Some routes, and the page that answers each of them.
pub type Room = fn() -> AnyView;

/// The routes by the first part of their addresses: a request builds and matches those of one room
/// alone, however many there are.
const ROOMS: [(&str, Room); 6] = [
    ("account", account),
    ("admin", admin),
    ("applications", applications),
    ("apps", apps),
    ("gallery", gallery),
    ("support", support),
];

/// All routes, for whoever has to know them.
pub fn rooms() -> impl Iterator<Item = Room> {
    let rooms = ROOMS.iter().map(|(_, room)| *room);
    rooms.chain([others as Room])
}

/// The page that answers the address, which is one of the room's.
pub fn in_room(room: Room) -> impl IntoView {
    provide_meta_context();
    view! { <Router>{room()}</Router> }
}

fn account() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/account") view=AccountPage ssr=Async />
            <Route path=path!("/account/absences") view=OwnAbsencesPage ssr=Async />
            <Route path=path!("/account/conflicts") view=OwnConflictsPage ssr=Async />
            <Route path=path!("/account/close") view=CloseAccountPage ssr=Async />
            <Route path=path!("/account/email") view=OwnEmailPage ssr=Async />
            <Route path=path!("/account/email/confirm") view=ConfirmEmailPage ssr=Async />
            <Route path=path!("/account/email/changed") view=EmailChangedPage ssr=Async />
            <Route path=path!("/account/email/confirmed") view=HalfConfirmedPage ssr=Async />
            <Route path=path!("/account/keyboard") view=OwnKeyboardPage ssr=Async />
            <Route path=path!("/account/letters") view=OwnLettersPage ssr=Async />
            <Route path=path!("/account/passkeys") view=PasskeysPage ssr=Async />
            <Route path=path!("/account/passkeys/new") view=NewPasskeyPage ssr=Async />
            <Route path=path!("/account/passkeys/:id") view=PasskeyPage ssr=Async />
            <Route path=path!("/account/password") view=OwnPasswordPage ssr=Async />
            <Route path=path!("/account/profile") view=OwnProfilePage ssr=Async />
            <Route path=path!("/account/second-factor") view=SecondFactorPage ssr=Async />
            <Route path=path!("/account/sign") view=SignPage ssr=Async />
            <Route path=path!("/account/second-factor/codes") view=RecoveryCodesPage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}

fn admin() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/admin/agreements") view=AgreementsPage ssr=Async />
            <Route path=path!("/admin/agreements/:kind/:version") view=AdminAgreementPage ssr=Async />
            <Route path=path!("/admin/checklists") view=ChecklistsPage ssr=Async />
            <Route path=path!("/admin/checklists/:kind/:version") view=ChecklistPage ssr=Async />
            <Route path=path!("/admin/gateways") view=GatewaysPage ssr=Async />
            <Route path=path!("/admin/gateways/:id") view=GatewayTokenPage ssr=Async />
            <Route path=path!("/admin/guides") view=AdminGuidesPage ssr=Async />
            <Route path=path!("/admin/guides/:guide") view=AdminGuidePage ssr=Async />
            <Route path=path!("/admin/guides/:guide/:version") view=AdminGuideVersionPage ssr=Async />
            <Route path=path!("/admin/mail") view=AdminMailPage ssr=Async />
            <Route path=path!("/admin/people") view=AdminPeoplePage ssr=Async />
            <Route path=path!("/admin/people/:id") view=AdminPersonPage ssr=Async />
            <Route path=path!("/admin/settings") view=AdminSettingsPage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}

fn applications() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/applications/:number") view=ApplicationPage ssr=Async />
            <Route path=path!("/applications/:number/agreement") view=AgreementPage ssr=Async />
            <Route path=path!("/applications/:number/answer") view=AnswerPage ssr=Async />
            <Route path=path!("/applications/:number/appeal") view=AppealPage ssr=Async />
            <Route path=path!("/applications/:number/check") view=CheckPage ssr=Async />
            <Route path=path!("/applications/:number/self-check") view=SelfCheckPage ssr=Async />
            <Route path=path!("/applications/:number/compare") view=CompareOwnPage ssr=Async />
            <Route path=path!("/applications/:number/corrections") view=CorrectionsPage ssr=Async />
            <Route path=path!("/applications/:number/form") view=FormStartPage ssr=Async />
            <Route path=path!("/applications/:number/form/:section") view=FormPage ssr=Async />
            <Route path=path!("/applications/:number/form/:section/files") view=FormFilesPage ssr=Async />
            <Route path=path!("/applications/:number/withdraw") view=WithdrawPage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}

fn apps() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/apps") view=AppsPage ssr=Async />
            <Route path=path!("/apps/new") view=NewAppPage ssr=Async />
            <Route path=path!("/apps/:id") view=AppPage ssr=Async />
            <Route path=path!("/apps/:id/gallery") view=MyEntryPage ssr=Async />
            <Route path=path!("/apps/:id/gallery/images") view=EntryImagesPage ssr=Async />
            <Route path=path!("/apps/:id/gallery/texts") view=EntryTextsPage ssr=Async />
            <Route path=path!("/apps/:id/edit") view=EditAppPage ssr=Async />
            <Route path=path!("/apps/:id/members") view=MembersPage ssr=Async />
            <Route path=path!("/apps/:id/redirects") view=RedirectsPage ssr=Async />
            <Route path=path!("/apps/:id/secret") view=SecretPage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}

fn gallery() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/gallery") view=GalleryPage ssr=Async />
            <Route path=path!("/gallery/review") view=EntriesPage ssr=Async />
            <Route path=path!("/gallery/review/:id") view=ReviewEntryPage ssr=Async />
            <Route path=path!("/gallery/:slug") view=EntryPage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}

fn support() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/support") view=SupportPage ssr=Async />
            <Route path=path!("/support/articles/:slug") view=ArticlePage ssr=Async />
            <Route path=path!("/support/new") view=NewRequestPage ssr=Async />
            <Route path=path!("/support/queue") view=RequestsQueuePage ssr=Async />
            <Route path=path!("/support/texts") view=CannedTextsPage ssr=Async />
            <Route path=path!("/support/texts/:text") view=CannedTextPage ssr=Async />
            <Route path=path!("/support/:number") view=RequestScreen ssr=Async />
            <Route path=path!("/support/:number/article") view=WriteArticlePage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}

fn others() -> AnyView {
    view! {
        <FlatRoutes fallback=crate::web::not_found>
            <Route path=path!("/") view=HomePage ssr=Async />
            <Route path=path!("/agreements") view=OpenAgreementsPage ssr=Async />
            <Route path=path!("/checklists") view=OpenChecklistsPage ssr=Async />
            <Route path=path!("/agreements/:kind/:version") view=OpenAgreementPage ssr=Async />
            <Route path=path!("/audit") view=AuditPage ssr=Async />
            <Route path=path!("/demo/mail") view=DemoInboxPage ssr=Async />
            <Route path=path!("/demo/mail/:id") view=DemoMailPage ssr=Async />
            <Route path=path!("/cases/:number") view=CaseScreen ssr=Async />
            <Route path=path!("/cases/:number/compare") view=CompareCasePage ssr=Async />
            <Route path=path!("/cases/:number/:step") view=CaseStepPage ssr=Async />
            <Route path=path!("/changes") view=ChangesPage ssr=Async />
            <Route path=path!("/changes/:id") view=ChangePage ssr=Async />
            <Route path=path!("/environments") view=EnvironmentsPage ssr=Async />
            <Route path=path!("/find") view=FindPage ssr=Async />
            <Route path=path!("/forgot") view=ForgotPage ssr=Async />
            <Route path=path!("/forgot/sent") view=ForgotSentPage ssr=Async />
            <Route path=path!("/guides") view=GuidesPage ssr=Async />
            <Route path=path!("/guides/full-access") view=FullAccessPage ssr=Async />
            <Route path=path!("/guides/limited-access") view=LimitedAccessPage ssr=Async />
            <Route path=path!("/inbox") view=InboxPage ssr=Async />
            <Route path=path!("/inbox/:id") view=InboxEntryPage ssr=Async />
            <Route path=path!("/invitation") view=InvitationPage ssr=Async />
            <Route path=path!("/partners") view=PartnersPage ssr=Async />
            <Route path=path!("/partners/:id") view=PartnerPage ssr=Async />
            <Route path=path!("/partners/:id/agreement") view=ReacceptPage ssr=Async />
            <Route path=path!("/partners/:id/decide") view=DecidePartnerPage ssr=Async />
            <Route path=path!("/queue") view=QueuePage ssr=Async />
            <Route path=path!("/queue/bulk") view=BulkChoicePage ssr=Async />
            <Route path=path!("/queue/bulk/:id") view=BulkRunPage ssr=Async />
            <Route path=path!("/queue/tags") view=TagsPage ssr=Async />
            <Route path=path!("/queue/views") view=SavedViewsPage ssr=Async />
            <Route path=path!("/register") view=RegisterPage ssr=Async />
            <Route path=path!("/register/sent") view=RegisterSentPage ssr=Async />
            <Route path=path!("/reset") view=ResetPage ssr=Async />
            <Route path=path!("/reviews") view=PendingReviewsPage ssr=Async />
            <Route path=path!("/sandbox") view=SandboxPage ssr=Async />
            <Route path=path!("/scopes") view=ScopesPage ssr=Async />
            <Route path=path!("/sign-in") view=SignInPage ssr=Async />
            <Route path=path!("/sign-in/code") view=SignInCodePage ssr=Async />
            <Route path=path!("/sign-in/passkey") view=PasskeySignInPage ssr=Async />
            <Route path=path!("/workload") view=WorkloadPage ssr=Async />
            <Route path=path!("/workload/:person") view=WorkOfPage ssr=Async />
            <Route path=path!("/verify") view=VerifyPage ssr=Async />
        </FlatRoutes>
    }
    .into_any()
}
