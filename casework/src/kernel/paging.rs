//! Lists in pages, numbered from 1.

/// The number that an address asks for: what is no number means the first page, and a number that
/// is too large for anything means the last.
pub fn asked(text: &str) -> u64 {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return 1;
    }
    text.parse().unwrap_or(u64::MAX).max(1)
}

/// The page that is shown of `total` rows, `size` to a page, to whoever asked for this one: the
/// last where there are fewer.
pub fn shown(asked: u64, total: u64, size: u64) -> u64 {
    asked.clamp(1, total.div_ceil(size).max(1))
}

/// The views of a queue, in the order of their tabs: each with its word in the address and its name
/// on the tab.
macro_rules! views {
    (
        $(#[$about:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $word:literal, $label:literal;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// Every view, in the order of the tabs.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in the address.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Its name on the tab.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    };
}

pub(crate) use views;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_number_is_the_first_page() {
        for text in ["", " ", "x", "-3", "1.5", "0", "½", "1e3", "+2"] {
            assert_eq!(asked(text), 1, "{text:?}");
        }
        assert_eq!(asked(" 7 "), 7);
        assert_eq!(asked("99999999999999999999999999"), u64::MAX);
    }

    #[test]
    fn whoever_asks_for_a_page_too_many_sees_the_last() {
        assert_eq!(shown(7, 130, 60), 3);
        assert_eq!(shown(3, 130, 60), 3);
        assert_eq!(shown(3, 120, 60), 2);
        assert_eq!(shown(u64::MAX, 1, 60), 1);
        assert_eq!(shown(5, 0, 60), 1);
        assert_eq!(shown(0, 10, 60), 1);
    }
}
