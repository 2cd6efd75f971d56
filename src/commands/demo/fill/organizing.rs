//! The organizer makes challenges: words, a phase, annotations, and then everybody may see them.

use anyhow::Context as _;
use app::challenges::create::create_challenge;
use app::challenges::publish::publish_challenge;
use app::challenges::series::{SeriesDraft, create_series};
use app::phases::create::create_phase;
use app::phases::upload::begin_upload;
use domain::{Actor, Slug, Title};

use super::super::cast::ORGANIZER;
use super::super::programme::{Edition, PHASE, SERIES};
use super::Filling;

impl Filling<'_, '_> {
    /// Makes and publishes an edition.
    pub(super) async fn organize(&mut self, edition: &Edition) -> anyhow::Result<()> {
        let organizer = self.person(ORGANIZER).await?;
        let app = &self.app;
        if self.counts.challenges == 0 {
            let (slug, title, description) = SERIES;
            let draft = SeriesDraft {
                slug: Slug::parse(slug)?,
                title: Title::parse(title)?,
                description: description.to_owned(),
            };
            create_series(app, &organizer, draft, None).await?;
        }
        create_challenge(app, &organizer, edition.challenge()?, None).await?;
        create_phase(app, &organizer, edition.slug, edition.phase(self.today)?, None).await?;
        self.upload_annotations(edition, &organizer)
            .await
            .with_context(|| format!("the annotations of {} were refused", edition.slug))?;
        publish_challenge(app, &organizer, edition.slug).await?;
        self.counts.challenges += 1;
        Ok(())
    }

    async fn upload_annotations(&self, edition: &Edition, organizer: &Actor) -> anyhow::Result<()> {
        let mut upload = begin_upload(&self.app, organizer, edition.slug, PHASE).await?;
        for part in edition.task.annotations() {
            let mut table = upload.begin_table(part.name, part.file_name).await?;
            table.write(part.bytes.into()).await?;
            upload.end_table(table).await?;
        }
        upload.finish("Generated.".to_owned(), None).await?;
        Ok(())
    }
}
