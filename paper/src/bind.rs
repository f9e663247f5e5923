//! From pages to a document. printpdf turns operations into content; a report's pages are handed to
//! it a few at a time, and laid into its document as bytes at the end, when their number is known.

use crate::{
    Result,
    fonts::Fonts,
    sheet::{Mark, Paper, Rank},
};
use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use printpdf::{Mm, Op, PdfDocument, PdfPage, PdfSaveOptions, Pt};
use std::io::Write;

const OPTIONS: PdfSaveOptions = PdfSaveOptions {
    optimize: true,
    // The fonts are cut down already.
    subset_fonts: false,
    secure: true,
    image_optimization: None,
};

/// The content of pages, compressed.
pub(super) fn encode(fonts: &Fonts, pages: Vec<Vec<Op>>) -> Vec<Vec<u8>> {
    if pages.is_empty() {
        return Vec::new();
    }
    let mut document = PdfDocument::new("");
    fonts.stand_in(&mut document);
    let nowhere = Mm(0.0);
    let pages = pages.into_iter();
    document.pages = pages
        .map(|ops| PdfPage::new(nowhere, nowhere, ops))
        .collect();
    let document = document.to_lopdf_document(&OPTIONS, &mut Vec::new());
    let pages = document.get_pages().into_values();
    pages
        .map(|page| deflated(&document.get_page_content(page)))
        .collect()
}

/// As compressed content. Quickly: the last tenth would take most of the time.
fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(4));
    // Writing into memory does not fail.
    let _ = encoder.write_all(content);
    encoder.finish().unwrap_or_default()
}

/// A document before it is bound.
pub(super) struct Loose<'a> {
    pub title: &'a str,
    pub at: time::OffsetDateTime,
    pub paper: Paper,
    pub fonts: &'a Fonts,
    /// What is on every page.
    pub furniture: Vec<u8>,
    /// What is on each page …
    pub pages: Vec<Vec<u8>>,
    /// … with its number …
    pub numbers: Vec<Vec<u8>>,
    /// … and what it leads to.
    pub links: Vec<Vec<Op>>,
    /// By page of the whole document.
    pub marks: Vec<Mark>,
}

/// The bytes of the document.
///
/// # Errors
/// When a font cannot be embedded.
pub(super) fn bind(loose: Loose<'_>) -> Result<Vec<u8>> {
    let (width, height) = loose.paper.size();
    let mut document = PdfDocument::new(loose.title);
    let info = &mut document.metadata.info;
    info.author = "Upgrade Desk".to_owned();
    info.creator = "Upgrade Desk".to_owned();
    if let Ok(date) = printpdf::OffsetDateTime::from_unix_timestamp(loose.at.unix_timestamp()) {
        info.creation_date = date;
        info.modification_date = date;
        info.metadata_date = date;
    }
    loose.fonts.embed(&mut document)?;
    let mut links = loose.links.into_iter();
    let mut specimen = Some(loose.fonts.specimen());
    let pages = loose.pages.iter().map(|_| {
        let mut ops = links.next().unwrap_or_default();
        ops.extend(specimen.take().unwrap_or_default());
        PdfPage::new(Mm::from(Pt(width)), Mm::from(Pt(height)), ops)
    });
    document.pages = pages.collect();
    let mut document = document.to_lopdf_document(&OPTIONS, &mut Vec::new());
    let ids: Vec<ObjectId> = document.get_pages().into_values().collect();
    let furniture = document.add_object(content(loose.furniture));
    let contents = loose.pages.into_iter().zip(loose.numbers);
    for (id, (page, number)) in ids.iter().zip(contents) {
        let number = document.add_object(content(number));
        let Ok(dictionary) = document.get_dictionary_mut(*id) else {
            continue;
        };
        let Ok(before) = dictionary.get(b"Contents").and_then(Object::as_reference) else {
            continue;
        };
        let order = [furniture, before, number];
        dictionary.set("Contents", order.map(Object::Reference).to_vec());
        document.set_object(before, content(page));
    }
    outline(&mut document, &ids, height, &loose.marks);
    document.compress();
    let mut bytes = Vec::new();
    // Writing into memory does not fail.
    let _ = document.save_to(&mut bytes);
    Ok(bytes)
}

fn content(deflated: Vec<u8>) -> Stream {
    Stream::new(dictionary! { "Filter" => "FlateDecode" }, deflated)
}

/// The bookmarks: sections, closed over what is in each.
fn outline(document: &mut Document, pages: &[ObjectId], height: f32, marks: &[Mark]) {
    let root = document.new_object_id();
    let marks: Vec<(ObjectId, &Mark)> = marks
        .iter()
        .map(|mark| (document.new_object_id(), mark))
        .collect();
    let sections: Vec<&[(ObjectId, &Mark)]> = marks
        .chunk_by(|_, (_, next)| next.rank != Rank::Section)
        .collect();
    let firsts: Vec<ObjectId> = sections
        .iter()
        .filter_map(|section| section.first().map(|(id, _)| *id))
        .collect();
    for (nth, section) in sections.iter().enumerate() {
        let Some(((id, mark), within)) = section.split_first() else {
            continue;
        };
        let mut item = item(pages, height, mark, root);
        let children: Vec<ObjectId> = within.iter().map(|(id, _)| *id).collect();
        family(&mut item, &children, -1);
        beside(&mut item, &firsts, nth);
        document.set_object(*id, item);
        for (nth, (child, mark)) in within.iter().enumerate() {
            let mut item = self::item(pages, height, mark, *id);
            beside(&mut item, &children, nth);
            document.set_object(*child, item);
        }
    }
    let mut top = dictionary! { "Type" => "Outlines" };
    family(&mut top, &firsts, 1);
    document.set_object(root, top);
    if let Ok(catalog) = document.catalog_mut() {
        catalog.set("Outlines", root);
        catalog.set("PageMode", "UseOutlines");
        catalog.set("Lang", Object::string_literal("en"));
    }
}

fn item(pages: &[ObjectId], height: f32, mark: &Mark, parent: ObjectId) -> Dictionary {
    let page = pages.get(mark.page).copied();
    let place = vec![
        page.map_or(Object::Null, Object::Reference),
        "XYZ".into(),
        Object::Null,
        // A little above the line itself.
        Object::Real(height - mark.y + 24.0),
        Object::Null,
    ];
    dictionary! {
        "Title" => lopdf::text_string(&mark.title),
        "Parent" => parent,
        "Dest" => place,
    }
}

/// The first and last of what is below; `open` is -1 where it is not shown at first.
fn family(item: &mut Dictionary, children: &[ObjectId], open: i64) {
    if let (Some(first), Some(last)) = (children.first(), children.last()) {
        item.set("First", *first);
        item.set("Last", *last);
        item.set("Count", open * i64::try_from(children.len()).unwrap_or(0));
    }
}

/// What is before and after it.
fn beside(item: &mut Dictionary, all: &[ObjectId], nth: usize) {
    if let Some(before) = nth.checked_sub(1).and_then(|nth| all.get(nth)) {
        item.set("Prev", *before);
    }
    if let Some(after) = all.get(nth + 1) {
        item.set("Next", *after);
    }
}
