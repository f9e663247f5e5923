//! What the account that serves may do on PostgreSQL: nothing that the desk does not need. The
//! owner's account migrates; the trail and what is signed cannot be changed by who serves.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait,
};

/// What may be done with the rows of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rights {
    /// SELECT.
    Read,
    /// SELECT and INSERT: what is written stays as it is.
    Append,
    /// SELECT, INSERT and UPDATE: nothing is deleted.
    Change,
    /// SELECT, INSERT, UPDATE and DELETE: what a sweeper or a person throws away.
    Discard,
}

impl Rights {
    const ALL: [Self; 4] = [Self::Read, Self::Append, Self::Change, Self::Discard];

    const fn privileges(self) -> &'static str {
        match self {
            Self::Read => "SELECT",
            Self::Append => "SELECT, INSERT",
            Self::Change => "SELECT, INSERT, UPDATE",
            Self::Discard => "SELECT, INSERT, UPDATE, DELETE",
        }
    }
}

/// Every table, in order. A table that is missing here fails the test that walks the schema.
pub const TABLES: &[(&str, Rights)] = &[
    ("absences", Rights::Change),
    ("agreements", Rights::Append),
    ("app_invitations", Rights::Discard),
    ("app_members", Rights::Change),
    ("apps", Rights::Change),
    ("attachments", Rights::Change),
    ("attestations", Rights::Append),
    ("audit_events", Rights::Append),
    ("audit_heads", Rights::Change),
    ("authorisations", Rights::Discard),
    ("bulk_cases", Rights::Discard),
    ("bulk_runs", Rights::Discard),
    ("canned_texts", Rights::Append),
    ("captured_mails", Rights::Discard),
    ("case_tags", Rights::Discard),
    ("case_views", Rights::Discard),
    ("cases", Rights::Change),
    ("declared_conflicts", Rights::Change),
    ("discarded_files", Rights::Append),
    ("drafts", Rights::Discard),
    ("email_changes", Rights::Discard),
    ("ended_authorisations", Rights::Discard),
    ("former_usernames", Rights::Append),
    ("gallery_drafts", Rights::Discard),
    ("gallery_entries", Rights::Change),
    ("gallery_images", Rights::Discard),
    ("gallery_links", Rights::Discard),
    ("gallery_versions", Rights::Append),
    ("gateway_tokens", Rights::Change),
    ("grants", Rights::Change),
    ("guides", Rights::Append),
    ("held_usernames", Rights::Discard),
    ("holidays", Rights::Change),
    ("inbox_entries", Rights::Discard),
    ("kept_answers", Rights::Discard),
    ("kept_forms", Rights::Discard),
    ("once_keys", Rights::Discard),
    ("outbox", Rights::Discard),
    ("page_changes", Rights::Change),
    ("page_texts", Rights::Discard),
    ("partner_lapses", Rights::Change),
    ("partner_links", Rights::Discard),
    ("partner_publications", Rights::Change),
    ("partner_signatures", Rights::Append),
    ("partnerships", Rights::Change),
    ("passkey_ceremonies", Rights::Discard),
    ("passkeys", Rights::Discard),
    ("pending_reviews", Rights::Discard),
    ("people", Rights::Change),
    ("policy_rules", Rights::Append),
    ("policy_versions", Rights::Append),
    ("queue_counts", Rights::Change),
    ("queue_habits", Rights::Discard),
    ("reacceptances", Rights::Append),
    ("recovery_codes", Rights::Discard),
    ("role_requests", Rights::Change),
    ("saved_views", Rights::Discard),
    ("seaql_migrations", Rights::Read),
    ("search_documents", Rights::Discard),
    ("search_heads", Rights::Change),
    ("search_marks", Rights::Discard),
    ("search_vocabulary", Rights::Discard),
    ("second_factors", Rights::Discard),
    ("self_checks", Rights::Discard),
    ("served_subjects", Rights::Discard),
    ("sessions", Rights::Discard),
    ("settings", Rights::Change),
    ("signatures", Rights::Append),
    ("snoozes", Rights::Discard),
    ("stuck_asks", Rights::Change),
    ("submissions", Rights::Append),
    ("support_articles", Rights::Change),
    ("support_files", Rights::Discard),
    ("support_links", Rights::Discard),
    ("support_messages", Rights::Append),
    ("support_notes", Rights::Append),
    ("support_requests", Rights::Change),
    ("tags", Rights::Change),
    ("templates", Rights::Append),
    ("throttles", Rights::Discard),
    ("tokens", Rights::Discard),
    ("user_counts", Rights::Change),
    ("user_days", Rights::Discard),
    ("watched_apps", Rights::Change),
    ("watched_pages", Rights::Change),
];

/// The statements that give `role` exactly these rights, and take away all others, on the tables of
/// the schema `public`.
pub fn statements(role: &str) -> Vec<String> {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let mut statements = vec![
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"),
        format!("GRANT USAGE ON SCHEMA public TO {role}"),
    ];
    for rights in Rights::ALL {
        let tables: Vec<&str> = TABLES
            .iter()
            .filter(|(_, of)| *of == rights)
            .map(|(table, _)| *table)
            .collect();
        statements.push(format!(
            "GRANT {} ON {} TO {role}",
            rights.privileges(),
            tables.join(", ")
        ));
    }
    statements
}

/// Gives the account `role` the rights to serve; run by the owner after each migration.
///
/// # Errors
/// When it is no PostgreSQL, when there is no such account, or when it may do everything anyway
/// (the owner, a superuser).
pub async fn grant(database: &DatabaseConnection, role: &str) -> Result<(), DbErr> {
    let wrong = |text: String| Err(DbErr::Custom(text));
    if database.get_database_backend() != DbBackend::Postgres {
        return wrong("only PostgreSQL has accounts with rights of their own".to_owned());
    }
    let known = database
        .query_one_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT rolsuper OR rolname = current_user AS all_rights \
             FROM pg_roles WHERE rolname = $1",
            [role.into()],
        ))
        .await?;
    let Some(known) = known else {
        return wrong(format!(
            "there is no account {role}: make it first (CREATE ROLE {role} LOGIN PASSWORD '…')"
        ));
    };
    if known.try_get::<bool>("", "all_rights")? {
        return wrong(format!(
            "{role} owns the tables or is a superuser; serve with an account of its own"
        ));
    }
    let transaction = database.begin().await?;
    for statement in statements(role) {
        transaction.execute_unprepared(&statement).await?;
    }
    transaction.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_names_exactly_these_rights() {
        let manual = include_str!("../../docs/operating.md");
        for statement in statements("desk_runtime") {
            assert!(
                manual.contains(&format!("{statement};")),
                "docs/operating.md lacks: {statement};"
            );
        }
    }

    #[test]
    fn a_name_with_quotes_stays_a_name() {
        let first = &statements("a\"; DROP TABLE cases; --")[1];
        assert!(first.ends_with("TO \"a\"\"; DROP TABLE cases; --\""));
    }

    #[test]
    fn each_table_is_named_once_and_in_order() {
        assert!(TABLES.is_sorted_by(|(one, _), (next, _)| one < next));
    }
}
