//! The support of the integration tests itself: a case in every state, on both engines.

use crate::support::*;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_case_can_be_brought_to_every_state(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
    #[values(AccessLevel::Limited, AccessLevel::Full)] level: AccessLevel,
) {
    let story = Story::begin(engine).await;
    for state in StateKind::ALL {
        let case = story.case_in(level, *state).await;
        assert_eq!(story.case(case).await.state.kind(), *state);
    }
    story.assert_sound().await;
}
