//! A store whose files are given out when the test says so.

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, path::Path,
};
use std::{fmt, sync::Arc};
use tokio::sync::Semaphore;

/// See the module.
#[derive(Debug)]
pub struct Gate {
    behind: Arc<dyn ObjectStore>,
    waiting: Semaphore,
    open: Semaphore,
}

impl Gate {
    /// Shut, before the files of a store.
    pub fn before(behind: Arc<dyn ObjectStore>) -> Self {
        Self {
            behind,
            waiting: Semaphore::new(0),
            open: Semaphore::new(0),
        }
    }

    /// Until somebody waits for a file.
    pub async fn somebody_waits(&self) {
        self.waiting.acquire().await.unwrap().forget();
    }

    /// From now on files are given out.
    pub fn open(&self) {
        self.open.close();
    }
}

impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a gate before {}", self.behind)
    }
}

#[async_trait]
impl ObjectStore for Gate {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.behind.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.behind.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.waiting.add_permits(1);
        // Closed is how this gate opens.
        let _ = self.open.acquire().await;
        self.behind.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        self.behind.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.behind.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.behind.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.behind.copy_opts(from, to, options).await
    }
}
