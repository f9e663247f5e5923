//! Every limit on what may be sent to the desk, in one table: the server, the steps, the pages and
//! the documentation read it here, so that limits which lie on top of each other agree. The test
//! below says how they lie.

/// The longest address (path and query), in bytes; a longer one is answered with 414.
pub const ADDRESS_BYTES: usize = 8 << 10;

/// All header fields of a request together, in bytes; more is answered with 431. At most a hundred
/// fields are read.
pub const HEADER_BYTES: usize = 32 << 10;

/// What the largest form can be once it is encoded: a character of four bytes travels as `%F0%9F…`.
pub const ENCODED_BYTES_PER_CHARACTER: usize = 12;

/// One answer of an application, in characters.
pub const ANSWER_CHARACTERS: usize = 20_000;

/// A text that staff or a developer write in a step (reasons, questions, notes), in characters.
pub const TEXT_CHARACTERS: usize = 10_000;

/// An agreement, in characters.
pub const AGREEMENT_CHARACTERS: usize = 200_000;

/// A template, in bytes.
pub const TEMPLATE_BYTES: usize = 500_000;

/// A form of somebody who is not signed in, in bytes as it is sent: enough for what was typed
/// before a session ended.
pub const FORM_BYTES_SIGNED_OUT: usize = 2 << 20;

/// A form of somebody who is signed in, in bytes as it is sent.
pub const FORM_BYTES: usize = 8 << 20;

/// Fields of one form: more than the longest form of the desk has, and few enough to look through.
pub const FORM_FIELDS: usize = 1_000;

/// A document or an image, in bytes.
pub const FILE_BYTES: u64 = 20 << 20;

/// A video, in bytes.
pub const VIDEO_BYTES: u64 = 100 << 20;

/// A logo or an image of the gallery, in bytes: it is drawn anew.
pub const DRAWN_IMAGE_BYTES: u64 = 10 << 20;

/// Files of one case, removed ones not counted.
pub const FILES_PER_CASE: usize = 40;

/// All files of one request together, in bytes.
pub const UPLOAD_BYTES: u64 = VIDEO_BYTES;

/// A text field beside the files of a request, in bytes.
pub const UPLOAD_TEXT_BYTES: usize = 4 << 10;

/// Text fields beside the files of a request.
pub const UPLOAD_TEXTS: usize = 100;

/// What stands around the files of a request: text fields and the lines between the parts.
pub const UPLOAD_AROUND_BYTES: u64 = 256 << 10;

/// How much of a refused request is still read, in bytes, so that a browser shows why: it shows no
/// answer before it has sent everything. Who sends more is cut off.
pub const DRAINED_BYTES: u64 = 1 << 30;

/// A size in the words of a person: `20 MB`.
pub fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes >> 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_the_units_that_people_read() {
        assert_eq!(megabytes(0), "0 MB");
        assert_eq!(megabytes(FILE_BYTES), "20 MB");
        assert_eq!(megabytes(VIDEO_BYTES), "100 MB");
        assert_eq!(megabytes(UPLOAD_BYTES), "100 MB");
    }

    #[test]
    fn an_address_may_be_as_long_as_http_recommends() {
        // RFC 9110, 4.1: at least 8000 octets.
        const { assert!(ADDRESS_BYTES >= 8000) }
    }

    #[test]
    fn what_fits_into_its_field_fits_into_the_form_and_what_fits_into_a_file_into_the_request() {
        // The form with the most text: five answers of a section at their longest.
        const {
            assert!(5 * ANSWER_CHARACTERS * ENCODED_BYTES_PER_CHARACTER < FORM_BYTES_SIGNED_OUT);
            assert!(TEXT_CHARACTERS * ENCODED_BYTES_PER_CHARACTER < FORM_BYTES_SIGNED_OUT);
            assert!(TEMPLATE_BYTES * 3 < FORM_BYTES);
            assert!(AGREEMENT_CHARACTERS * ENCODED_BYTES_PER_CHARACTER < FORM_BYTES);
            assert!(FORM_BYTES_SIGNED_OUT <= FORM_BYTES);
            assert!(FILE_BYTES <= VIDEO_BYTES && VIDEO_BYTES <= UPLOAD_BYTES);
            assert!(UPLOAD_BYTES + UPLOAD_AROUND_BYTES < DRAINED_BYTES);
            // The name of a field, the key of a form and the number of a case, as long as they get.
            assert!(UPLOAD_TEXT_BYTES >= 100 * ENCODED_BYTES_PER_CHARACTER);
            assert!((UPLOAD_TEXT_BYTES as u64) < UPLOAD_AROUND_BYTES);
            assert!(ADDRESS_BYTES < HEADER_BYTES);
        }
    }
}
