//! Lists in pages, and how long they are.

use std::fmt::{self, Write};

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

/// Up to here counts are exact.
pub const BOUND: u64 = 999;

/// How many cases there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub number: u64,
    /// There are more than that: nobody has counted further.
    pub more: bool,
}

impl Count {
    pub const fn exact(number: u64) -> Self {
        Self {
            number,
            more: false,
        }
    }

    pub fn up_to_bound(counted: u64) -> Self {
        Self {
            number: counted.min(BOUND),
            more: counted > BOUND,
        }
    }

    /// Whether there is none.
    pub const fn is_none(self) -> bool {
        self.number == 0 && !self.more
    }
}

impl From<u64> for Count {
    fn from(number: u64) -> Self {
        Self::exact(number)
    }
}

impl fmt::Display for Count {
    /// `1,234`, or `999+`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.number.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.write_char(',')?;
            }
            out.write_char(digit)?;
        }
        out.write_str(if self.more { "+" } else { "" })
    }
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
    fn a_count_is_read_by_its_thousands_and_says_where_it_ends() {
        let texts = [0, 999, 1_000, 270_041].map(|number| Count::exact(number).to_string());
        assert_eq!(texts, ["0", "999", "1,000", "270,041"]);
        assert_eq!(Count::up_to_bound(999).to_string(), "999");
        assert_eq!(Count::up_to_bound(1_000).to_string(), "999+");
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
