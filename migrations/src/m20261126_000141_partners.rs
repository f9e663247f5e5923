//! Digital Health Partners: since when and where an app can be got (`partner_publications`,
//! `partner_links`), applications and what became of them (`partnerships`), times in which a
//! criterion was not met (`partner_lapses`), newer versions of the agreement that were accepted
//! (`reacceptances`), and what was signed of all that (`partner_signatures`).

use sea_orm_migration::{
    prelude::*,
    schema::{
        big_integer, big_integer_null, integer, integer_null, string, string_null, text, text_null,
        uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            publications(),
            links(),
            signatures(),
            partnerships(),
            lapses(),
            reacceptances(),
        ] {
            manager.create_table(table).await?;
        }
        for (table, columns, unique) in [
            ("partner_links", &["app_id", "address"][..], true),
            ("partner_links", &["next_at"], false),
            ("partnerships", &["app_id"], false),
            ("partnerships", &["state"], false),
            ("partner_lapses", &["partnership_id"], false),
            ("reacceptances", &["app_id", "version"], true),
        ] {
            let mut index = Index::create();
            index
                .name(format!("{table}_{}", columns.join("_")))
                .table(table);
            for column in columns {
                index.col(*column);
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

fn to(
    table: &'static str,
    column: &'static str,
    target: &'static str,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(target, "id")
        .to_owned()
}

/// What the owners of an app say of it: since when everybody can get it, and whom its users ask.
fn publications() -> TableCreateStatement {
    Table::create()
        .table("partner_publications")
        .col(uuid("app_id"))
        .col(integer("available_day"))
        .col(text("contact"))
        .col(big_integer("confirmed_at"))
        .col(uuid("confirmed_by"))
        .col(integer_null("first_user_day"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("app_id"))
        .foreign_key(&mut to("partner_publications", "app_id", "apps"))
        .foreign_key(&mut to("partner_publications", "confirmed_by", "people"))
        .to_owned()
}

/// Where it can be got, and whether that address answers.
fn links() -> TableCreateStatement {
    Table::create()
        .table("partner_links")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(text("address"))
        .col(big_integer_null("answered_at"))
        .col(big_integer_null("failing_since_at"))
        .col(text("failure"))
        .col(big_integer("next_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("partner_links", "app_id", "apps"))
        .to_owned()
}

/// What was signed about the partnership of an app, as `signatures` holds what was signed of cases.
fn signatures() -> TableCreateStatement {
    Table::create()
        .table("partner_signatures")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(uuid("person_id"))
        .col(string("signer_name"))
        .col(text("meaning"))
        .col(string("capacity"))
        .col(string("document_sha256"))
        .col(text("payload"))
        .col(string("payload_sha256"))
        .col(big_integer("signed_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("partner_signatures", "app_id", "apps"))
        .foreign_key(&mut to("partner_signatures", "person_id", "people"))
        .to_owned()
}

/// An application to be a partner: who asked, proposed and decided, and how it stands as people were
/// last told.
fn partnerships() -> TableCreateStatement {
    Table::create()
        .table("partnerships")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(uuid("case_id"))
        .col(uuid("applied_by"))
        .col(big_integer("applied_at"))
        .col(text("statement"))
        .col(uuid_null("proposed_by"))
        .col(big_integer_null("proposed_at"))
        .col(string_null("recommended"))
        .col(text_null("reasons"))
        .col(uuid_null("decided_by"))
        .col(big_integer_null("decided_at"))
        .col(string_null("decision"))
        .col(text_null("note"))
        .col(uuid_null("signature_id"))
        .col(big_integer_null("left_at"))
        .col(string("state"))
        .col(big_integer("version"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("partnerships", "app_id", "apps"))
        .foreign_key(&mut to("partnerships", "case_id", "cases"))
        .foreign_key(&mut to("partnerships", "applied_by", "people"))
        .foreign_key(&mut to(
            "partnerships",
            "signature_id",
            "partner_signatures",
        ))
        .to_owned()
}

/// A time in which a criterion was not met, with the grace that was given.
fn lapses() -> TableCreateStatement {
    Table::create()
        .table("partner_lapses")
        .col(uuid("id"))
        .col(uuid("partnership_id"))
        .col(string("criterion"))
        .col(big_integer("from_at"))
        .col(big_integer_null("until_at"))
        .col(integer("rest_days"))
        .col(integer("end_days"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("partner_lapses", "partnership_id", "partnerships"))
        .to_owned()
}

/// A newer version of the agreement, accepted for an app that had accepted an older one.
fn reacceptances() -> TableCreateStatement {
    Table::create()
        .table("reacceptances")
        .col(uuid("id"))
        .col(uuid("app_id"))
        .col(integer("version"))
        .col(uuid("signature_id"))
        .col(big_integer("accepted_at"))
        .primary_key(Index::create().col("id"))
        .foreign_key(&mut to("reacceptances", "app_id", "apps"))
        .foreign_key(&mut to(
            "reacceptances",
            "signature_id",
            "partner_signatures",
        ))
        .to_owned()
}
