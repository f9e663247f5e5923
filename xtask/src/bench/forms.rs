//! The forms on a page, read just well enough to send them back.

/// The fields of the first form on the page that is sent to `action`, as they stand.
pub fn fields(page: &str, action: &str) -> Option<Vec<(String, String)>> {
    let form = page.split("<form").skip(1).find(|form| {
        attribute(form.split('>').next().unwrap_or_default(), "action").as_deref() == Some(action)
    })?;
    let form = form.split("</form>").next()?;
    let fields = form
        .split("<input")
        .skip(1)
        .filter_map(|input| {
            let tag = input.split('>').next()?;
            Some((
                attribute(tag, "name")?,
                attribute(tag, "value").unwrap_or_default(),
            ))
        })
        .collect();
    Some(fields)
}

/// The value of an attribute, unescaped.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag.get(start..)?.split('"').next()?;
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forms_fields_are_found_by_where_it_is_sent() {
        let page = r#"<form action="/do/other"><input name="a" value="1"></form>
            <form method="post" action="/do/assign"><input type="hidden" name="seen" value="3"><input value="&amp;" name="once"></form>"#;
        let wanted = vec![
            ("seen".to_owned(), "3".to_owned()),
            ("once".to_owned(), "&".to_owned()),
        ];
        assert_eq!(fields(page, "/do/assign"), Some(wanted));
        assert_eq!(fields(page, "/do/missing"), None);
    }
}
