//! Images of the gallery: what is taken, what is kept, who sees them, when they go.

use crate::support::{
    shelf::{Shelf, picture},
    *,
};
use casework::{
    entities::gallery_images,
    gallery::{commands, queries::gallery_image},
    sweep::{Retention, sweep},
};
use futures_util::TryStreamExt;
use image::ImageFormat;
use object_store::{ObjectStore, path::Path};
use sea_orm::EntityTrait;
use time::Duration;
use workflow::gallery::ImageKind;

/// The names of everything stored of entries.
async fn stored(shelf: &Shelf) -> Vec<String> {
    let found: Vec<_> = shelf
        .storage
        .list(Some(&Path::from("gallery")))
        .try_collect()
        .await
        .unwrap();
    found
        .into_iter()
        .filter_map(|file| file.location.filename().map(str::to_owned))
        .collect()
}

fn problem(outcome: casework::Result<()>) -> (String, String) {
    match outcome {
        Err(Error::Input { problems }) => (problems[0].field.clone(), problems[0].text.clone()),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_file_is_named_and_nothing_of_it_stays(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    let early = shelf.add(ImageKind::Logo, "a.png", Vec::new()).await;
    assert!(matches!(early, Err(Error::NotFound)), "before any text");
    shelf.write("Readings that make sense").await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (name, bytes, says) in [
        ("logo.svg", svg.to_vec(), "PNG, JPEG or WebP"),
        ("logo.png", svg.to_vec(), "PNG, JPEG or WebP"),
        ("report.png", b"%PDF-1.7\n".to_vec(), "PNG, JPEG or WebP"),
        (
            "../../tiny.png",
            picture(9, 9, ImageFormat::Png),
            "at least 96",
        ),
        (
            "huge.png",
            picture(8_001, 96, ImageFormat::Png),
            "8001 by 96",
        ),
        ("heavy.png", vec![0; (10 << 20) + 1], "10 MB"),
        ("empty.png", Vec::new(), "empty"),
    ] {
        let (field, text) = problem(shelf.add(ImageKind::Logo, name, bytes).await);
        assert_eq!(field, "logo");
        let shown = name.rsplit('/').next().unwrap();
        assert!(text.starts_with(shown) && text.contains(says), "{text}");
    }
    assert_eq!(stored(&shelf).await, [""; 0]);
    assert_eq!(shelf.mine().await.listing.logo, None);
    let stranger = shelf::add(
        &shelf.desk,
        &shelf.cast.stranger,
        shelf.app,
        ImageKind::Logo,
        "logo.png",
        picture(96, 96, ImageFormat::Png),
    );
    assert!(matches!(stranger.await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_everybodys_once_its_entry_is_and_before_that_of_those_who_see_the_entry(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    shelf.complete().await;
    let logo = shelf.mine().await.listing.logo.unwrap();
    let name = format!("{}-96.png", logo.hash);
    let desk = &shelf.desk;
    let found = async |who: Option<&Caller>| match gallery_image(desk, who, &name).await {
        Ok(image) => Some(image.is_public),
        Err(Error::NotFound) => None,
        Err(error) => panic!("{error}"),
    };
    for who in [None, Some(&shelf.cast.stranger), Some(&shelf.cast.admin)] {
        assert_eq!(found(who).await, None);
    }
    assert_eq!(found(Some(&shelf.writes)).await, Some(false));
    assert_eq!(found(Some(&shelf.looks)).await, None, "it is a draft");
    shelf.send_in().await.unwrap();
    assert_eq!(found(Some(&shelf.looks)).await, Some(false));
    shelf.publish().await;
    assert_eq!(found(None).await, Some(true));
    shelf.suspend(true).await;
    assert_eq!(found(None).await, None);
    shelf.suspend(false).await;
    // A width or an ending that was not drawn is not there.
    for wrong in [
        format!("{}-97.png", logo.hash),
        format!("{}-96.jpg", logo.hash),
        format!("{}-96.png", "0".repeat(64)),
    ] {
        let found = gallery_image(desk, None, &wrong).await;
        assert!(matches!(found, Err(Error::NotFound)), "{wrong}");
    }
    let image = gallery_image(desk, None, &name).await.unwrap();
    assert_eq!(image.mime, "image/png");
    assert!(image.bytes.starts_with(b"\x89PNG"));
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn images_of_a_draft_that_went_go_and_those_of_versions_stay(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::published(engine).await;
    let before = stored(&shelf).await;
    let bytes = picture(300, 500, ImageFormat::Jpeg);
    shelf
        .add(ImageKind::Screenshot, "night.jpg", bytes)
        .await
        .unwrap();
    let one_more = stored(&shelf).await;
    assert!(one_more.len() > before.len());
    let keep = Retention::default();
    shelf.clock.pass(Duration::days(8));
    sweep(&shelf.desk, &keep).await.unwrap();
    assert_eq!(
        stored(&shelf).await.len(),
        one_more.len(),
        "it is in a draft"
    );
    let seen = shelf.seen().await;
    commands::discard_entry(&shelf.desk, &shelf.writes, shelf.app, seen)
        .await
        .unwrap();
    sweep(&shelf.desk, &keep).await.unwrap();
    let mut left = stored(&shelf).await;
    left.sort();
    let mut before = before;
    before.sort();
    assert_eq!(left, before);
    let rows = gallery_images::Entity::find().all(shelf.database.read());
    assert_eq!(rows.await.unwrap().len(), 2);
    shelf.assert_sound().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_nobody_touches_goes_unless_it_waits_for_us(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    shelf.complete().await;
    shelf.send_in().await.unwrap();
    let keep = Retention::default();
    shelf.clock.pass(Duration::days(401));
    sweep(&shelf.desk, &keep).await.unwrap();
    assert!(!stored(&shelf).await.is_empty());
    shelf.publish().await;
    shelf.write("Something hasty").await;
    shelf.clock.pass(Duration::days(401));
    sweep(&shelf.desk, &keep).await.unwrap();
    let mine = shelf.mine().await;
    assert_eq!(mine.listing.tagline, "Readings that make sense");
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_has_eight_screenshots_and_a_logo_takes_the_place_of_the_one_before(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let shelf = Shelf::open(engine).await;
    shelf.complete().await;
    let first = shelf.mine().await.listing.logo.unwrap();
    let bytes = || picture(300, 300, ImageFormat::WebP);
    shelf
        .add(ImageKind::Logo, "new.webp", bytes())
        .await
        .unwrap();
    let listing = shelf.mine().await.listing;
    assert_ne!(listing.logo.unwrap().hash, first.hash);
    // The same picture is no second screenshot, whatever its file is called and however it was saved.
    for (name, format) in [("day.png", ImageFormat::Png), ("b.webp", ImageFormat::WebP)] {
        let same = picture(400, 400, format);
        let (field, text) = problem(shelf.add(ImageKind::Screenshot, name, same).await);
        assert_eq!(field, "screenshot");
        let said = format!("{name}: this picture is in the entry already, as screenshot 1.");
        assert_eq!(text, said);
    }
    assert_eq!(shelf.mine().await.listing.screenshots.len(), 1);
    for more in 1..8 {
        let another = picture(300 + more, 300, ImageFormat::WebP);
        shelf
            .add(ImageKind::Screenshot, "day.webp", another)
            .await
            .unwrap();
    }
    let (field, text) = problem(
        shelf
            .add(ImageKind::Screenshot, "ninth.webp", bytes())
            .await,
    );
    assert_eq!(field, "screenshot");
    assert!(
        text.starts_with("ninth.webp") && text.contains("at most 8"),
        "{text}"
    );
    let order = || async {
        let shots = shelf.mine().await.listing.screenshots;
        shots
            .into_iter()
            .map(|shot| shot.image.hash)
            .collect::<Vec<_>>()
    };
    let before = order().await;
    let moves = |at: usize, earlier| {
        let image = &before[at];
        commands::move_gallery_screenshot(&shelf.desk, &shelf.writes, shelf.app, image, earlier)
    };
    moves(1, true).await.unwrap();
    let second_first = [&[before[1].clone(), before[0].clone()], &before[2..]].concat();
    assert_eq!(order().await, second_first);
    moves(1, false).await.unwrap();
    assert_eq!(order().await, before);
    for (at, earlier) in [(0, true), (7, false)] {
        assert!(matches!(
            moves(at, earlier).await,
            Err(Error::Conflict { .. })
        ));
    }
    let none =
        commands::move_gallery_screenshot(&shelf.desk, &shelf.writes, shelf.app, "no such", true);
    assert!(matches!(none.await, Err(Error::NotFound)));
    let shot = shelf.mine().await.listing.screenshots[0].image.hash.clone();
    commands::remove_gallery_image(&shelf.desk, &shelf.writes, shelf.app, &shot)
        .await
        .unwrap();
    assert_eq!(shelf.mine().await.listing.screenshots.len(), 7);
    for name in [format!("{shot}-640.jpg"), format!("{shot}-640.png")] {
        let removed = gallery_image(&shelf.desk, Some(&shelf.writes), &name).await;
        assert!(matches!(removed, Err(Error::NotFound)), "{name}");
    }
    let again = commands::remove_gallery_image(&shelf.desk, &shelf.writes, shelf.app, &shot).await;
    assert!(matches!(again, Err(Error::NotFound)));
    // Those that nobody has described are named one by one.
    assert_eq!(shelf.mine().await.missing.len(), 7);
}
