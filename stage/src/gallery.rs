//! The demo's gallery: ten entries that everybody may see, a newer version of one that waits for us,
//! and one that waits for its developer. Their pictures are drawn here.

use super::{
    PASSWORD,
    script::{Script, Step},
    stage::Stage,
};
use bytes::Bytes;
use casework::{
    Error, Result,
    gallery::{
        commands::{self as steps, SaveEntryInput},
        queries::my_entry,
    },
    input::{Keyed, Value},
    partners::{
        commands::{
            DecidePartnerInput, ProposePartnerInput, PublishAppInput, apply_partner,
            decide_partner, propose_partner, publish_app,
        },
        queries::{partner, to_decide},
    },
};
use futures_util::stream;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde::Deserialize;
use std::{convert::Infallible, io::Cursor};
use workflow::{
    AppId,
    gallery::ImageKind,
    state::{AccessLevel, Seat, Track},
};

/// What an entry of the demo says.
#[derive(Clone, Debug, Deserialize)]
struct Sketch {
    app: String,
    tagline: String,
    description: String,
    platforms: String,
    regions: String,
    languages: String,
    accessibility: String,
    apple: String,
    google: String,
    other: String,
    /// Of its pictures, in degrees.
    hue: u16,
}

/// One step on the entry of an app.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    /// Becomes a partner.
    Join,
    /// Texts and images; with this tagline instead of its own, where there is one.
    Write(&'static str),
    SendIn,
    Ask(&'static str, &'static str),
    Publish(&'static str),
}

/// The apps of the gallery, each with how many business days ago it was approved.
const APPS: [(&str, u16); 10] = [
    ("tidemark", 44),
    ("lanterna", 43),
    ("fjordrun", 42),
    ("pantry", 41),
    ("harbour", 40),
    ("kompas", 39),
    ("ritmo", 38),
    ("noor", 37),
    ("studio", 36),
    ("steady", 35),
];

/// Their stories.
pub(super) fn all(script: &mut Script) {
    for (app, approved) in APPS {
        script
            .app(app)
            .on(approved + 8)
            .apply(AccessLevel::Full)
            .on(approved + 7)
            .then(Step::Submit)
            .on(approved + 6)
            .complete("rosa")
            .on(approved + 5)
            .commercial("ito")
            .on(approved + 3)
            .take("ben", Seat::Technical)
            .pass("ben", Track::Technical)
            .on(approved + 1)
            .then(Step::AcceptDla)
            .on(approved)
            .then(Step::Approve("anders", "Careful and complete."))
            .on(approved - 8)
            .then(Step::Shown(Shown::Join))
            .on(approved - 10)
            .then(Step::Shown(Shown::Write("")))
            .then(Step::Shown(Shown::SendIn))
            .on(approved - 12)
            .then(Step::Shown(Shown::Publish("mira")));
    }
    script
        .app("tidemark")
        .on(2)
        .then(Step::Shown(Shown::Write(
            "Your glucose as a calm line, now on your wrist",
        )))
        .then(Step::Shown(Shown::SendIn));
    script
        .app("fjordrun")
        .on(5)
        .then(Step::Shown(Shown::Write(
            "The best app for runners with diabetes",
        )))
        .then(Step::Shown(Shown::SendIn))
        .on(4)
        .then(Step::Shown(Shown::Ask(
            "mira",
            "\"The best\" is a comparison that nobody can check. Say what the app does.",
        )));
}

impl Stage {
    /// Plays one step on the entry of this app.
    pub(super) async fn show(&self, key: &str, step: Shown) -> Result<()> {
        let app = self.app(key)?;
        let (desk, owner) = (&self.desk, self.owner(key)?);
        let seen = async || Ok::<u64, Error>(my_entry(desk, owner, app).await?.version);
        match step {
            Shown::Join => self.join(key, app).await,
            Shown::Write(tagline) => self.write_entry(key, app, tagline).await,
            Shown::SendIn => steps::send_in_entry(desk, owner, app, seen().await?).await,
            Shown::Ask(by, text) => {
                let who = self.person(by)?;
                steps::ask_entry_changes(desk, who, app, seen().await?, text).await
            }
            Shown::Publish(by) => {
                let who = self.person(by)?;
                steps::publish_entry(desk, who, app, seen().await?).await
            }
        }
    }

    /// The owner says where the app is to be had and applies; two of ours propose and decide.
    async fn join(&self, key: &str, app: AppId) -> Result<()> {
        let (desk, owner) = (&self.desk, self.owner(key)?);
        let (manager, approver) = (self.person("mira")?, self.person("priya")?);
        let sketch = sketch(key)?;
        let links = [&sketch.apple, &sketch.google, &sketch.other];
        let links: Vec<&str> = links
            .into_iter()
            .map(String::as_str)
            .filter(|link| !link.is_empty())
            .collect();
        let publication = PublishAppInput {
            app,
            version: 0,
            available: desk.now().date().to_string(),
            links: links.join("\n"),
            contact: "https://halden.example/help".to_owned(),
        };
        publish_app(desk, owner, &publication).await?;
        let statement = "Two people answer every mail within a day.";
        apply_partner(desk, owner, app, statement).await?;
        let waiting = partner(desk, manager, app).await?;
        let waiting = waiting.application.ok_or(Error::NotFound)?;
        let proposal = ProposePartnerInput {
            app,
            version: waiting.version,
            approve: true,
            reasons: "The app is used, and its users are answered.".to_owned(),
        };
        propose_partner(desk, manager, &proposal).await?;
        let found = to_decide(desk, approver, app).await?;
        let application = found.view.application.ok_or(Error::NotFound)?;
        let decision = DecidePartnerInput {
            app,
            version: application.version,
            seen: found.seen,
            approve: true,
            note: "As proposed.".to_owned(),
            password: PASSWORD.into(),
            code: "".into(),
        };
        decide_partner(desk, approver, &decision).await?;
        Ok(())
    }

    async fn write_entry(&self, key: &str, app: AppId, tagline: &str) -> Result<()> {
        let (desk, owner) = (&self.desk, self.owner(key)?);
        let sketch = sketch(key)?;
        let before = my_entry(desk, owner, app).await?;
        let input = SaveEntryInput {
            app,
            version: before.version,
            name: before.listing.name,
            tagline: match tagline {
                "" => sketch.tagline,
                other => other.to_owned(),
            },
            description: sketch.description,
            platforms: chosen(&sketch.platforms)?,
            regions: chosen(&sketch.regions)?,
            languages: chosen(&sketch.languages)?,
            accessibility: sketch.accessibility,
            apple: sketch.apple,
            google: sketch.google,
            other: sketch.other,
        };
        steps::save_entry(desk, owner, &input).await?;
        if before.listing.logo.is_some() {
            return Ok(());
        }
        let pictures = [
            (ImageKind::Logo, "logo.png", logo(sketch.hue)),
            (ImageKind::Screenshot, "day.png", day(sketch.hue)),
            (ImageKind::Screenshot, "week.png", week(sketch.hue)),
        ];
        for (kind, name, image) in pictures {
            let bytes = Bytes::from(png(&image)?);
            let chunks = stream::iter([Ok::<_, Infallible>(bytes)]);
            steps::add_gallery_image(desk, owner, app, kind, name, chunks).await?;
        }
        let entry = my_entry(desk, owner, app).await?;
        let shows = [
            "One day as a curve, with the range that the person chose behind it",
            "Seven days, each as a bar from its lowest to its highest reading",
        ];
        let shots = entry.listing.screenshots.iter().zip(shows);
        let alts: Keyed<String> = shots
            .map(|(shot, shows)| (shot.image.hash.clone(), shows.to_owned()))
            .collect();
        steps::describe_gallery_images(desk, owner, app, entry.version, &alts).await
    }
}

/// What the entry of this app says.
fn sketch(key: &str) -> Result<Sketch> {
    let sketches: Vec<Sketch> = serde_json::from_str(include_str!("gallery.json"))?;
    let found = sketches.into_iter().find(|one| one.app == key);
    found.ok_or(Error::NotFound)
}

/// Words between commas, as a form sends them.
fn chosen<T: Value>(words: &str) -> Result<T> {
    let words: Vec<&str> = words.split(',').collect();
    T::read(&words).ok_or(Error::Malformed)
}

fn png(image: &RgbImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(image.clone())
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(Error::unavailable)?;
    Ok(bytes.into_inner())
}

/// A colour of this hue, so light, from 0 to 1; muted, so that a curve of the same hue stands out.
fn colour(hue: u16, light: f32) -> Rgb<u8> {
    let part = |shift: f32| {
        let angle = (f32::from(hue) + shift).to_radians();
        let value = light + 0.22 * (1.0 - (2.0 * light - 1.0).abs()) * angle.cos();
        byte(value)
    };
    Rgb([part(0.0), part(240.0), part(120.0)])
}

fn byte(value: f32) -> u8 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits"
    )]
    let byte = (value.clamp(0.0, 1.0) * 255.0) as u8;
    byte
}

/// How high the curve of a day runs at `x`, both from 0 to 1.
fn curve(hue: u16, x: f32) -> f32 {
    let shift = f32::from(hue) / 57.0;
    0.5 + 0.16 * (x * 9.0 + shift).sin() + 0.1 * (x * 21.0 + shift * 2.0).sin()
}

/// Draws with a function of the place, both sides from 0 to 1.
fn drawn(width: u16, height: u16, at: impl Fn(f32, f32) -> Rgb<u8>) -> RgbImage {
    let part = |value: u32, of: u16| {
        let value = u16::try_from(value).unwrap_or(u16::MAX);
        f32::from(value) / f32::from(of)
    };
    RgbImage::from_fn(width.into(), height.into(), |x, y| {
        at(part(x, width), part(y, height))
    })
}

fn logo(hue: u16) -> RgbImage {
    drawn(256, 256, |x, y| {
        let distance = (y - curve(hue, x * 0.5)).abs();
        match distance {
            _ if distance < 0.045 => colour(hue, 0.97),
            _ => colour(hue, 0.3 + 0.2 * (1.0 - y)),
        }
    })
}

fn day(hue: u16) -> RgbImage {
    drawn(540, 960, |x, y| {
        let inside = (0.08..0.92).contains(&x);
        let distance = (y - (0.25 + 0.5 * curve(hue, x))).abs();
        if y < 0.09 {
            colour(hue, 0.32)
        } else if inside && distance < 0.006 {
            colour(hue, 0.35)
        } else if inside && (0.42..0.6).contains(&y) {
            colour(hue, 0.88)
        } else if inside && (0.82..0.9).contains(&y) && (x * 6.0).fract() < 0.8 {
            colour(hue, 0.8)
        } else {
            colour(hue, 0.97)
        }
    })
}

fn week(hue: u16) -> RgbImage {
    drawn(540, 960, |x, y| {
        let bar = (x * 7.0).floor();
        let in_bar = (0.25..0.75).contains(&(x * 7.0).fract());
        let middle = 0.28 + 0.42 * curve(hue, bar / 7.0);
        if y < 0.09 {
            colour(hue, 0.32)
        } else if in_bar && (middle - 0.14..middle + 0.12).contains(&y) {
            colour(hue, 0.45)
        } else if (0.42..0.6).contains(&y) {
            colour(hue, 0.9)
        } else {
            colour(hue, 0.97)
        }
    })
}
