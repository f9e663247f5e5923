//! Which partners a query finds to be in good standing.

use crate::support::*;
use casework::{
    entities::apps,
    partners::{in_good_standing, partners_in_good_standing},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The apps that are partners in good standing, as a query finds them.
pub async fn in_good_standing_at(desk: &Desk, at: Timestamp) -> BTreeSet<Uuid> {
    let read = desk.database.read();
    let partners = partners_in_good_standing(read, at).await.unwrap();
    apps::Entity::find()
        .filter(apps::Column::Id.in_subquery(partners))
        .all(read)
        .await
        .unwrap()
        .into_iter()
        .map(|app| app.id)
        .collect()
}

/// Partners in every state, today and while what lapsed takes its course.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_query_for_partners_in_good_standing_says_of_each_app_what_its_own_record_says(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let rig = Rig::of_the_demo(engine).await;
    let (desk, read) = (&rig.desk, rig.desk.database.read());
    let apps = apps::Entity::find().all(read).await.unwrap();
    let mut seen = BTreeSet::new();
    for day in (0..400).step_by(25) {
        let at = desk.now().plus(time::Duration::days(day));
        let mut expected = BTreeSet::new();
        for app in &apps {
            if in_good_standing(read, app.id, at).await.unwrap() {
                expected.insert(app.id);
            }
        }
        assert_eq!(in_good_standing_at(desk, at).await, expected, "day {day}");
        seen.insert(expected.len());
    }
    assert!(seen.len() > 1 && !seen.contains(&0), "{seen:?}");
}
