"""What semantic dedup learns from a sample of the documents: idf and SVD of the texts, centroids of the embeddings.

scikit-learn fits, on one thread: sums on several come in another order. It is imported where it is used (0.6 s).
"""

import math

import numpy as np

from pipeline.dedup.semantic import Floats, Halves, unit_vectors
from pipeline.dedup.tfidf import BUCKETS, Projection, counts
from pipeline.text.layer import Text

POWER_ITERATIONS = 4  # of the randomised SVD: Halko et al. 2011, section 4.5
ROUNDS = 25  # of k-means at most: clusters are drawers here, the pairs inside them are compared exactly
DOCUMENTS_A_CLUSTER = 16  # of the sample, at least: fewer would not place a centroid


def fit_projection(text: Text, dimensions: int, seed: int) -> Projection:
    """Of a sample of texts; as many dimensions as there are texts where these are fewer."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer
    from threadpoolctl import threadpool_limits

    matrix = counts(text)
    used = np.flatnonzero(matrix.getnnz(axis=0))
    width = min(dimensions, len(text), len(used))
    idf, components = np.zeros(BUCKETS, np.float32), np.zeros((BUCKETS, max(width, 1)), np.float32)
    if width == 0:
        return Projection(idf, components)
    weigher = TfidfTransformer(sublinear_tf=True).fit(matrix)
    idf[:] = weigher.idf_  # also of what the sample lacks: a text of unknown words is not captured
    weighed = weigher.transform(matrix)[:, used].astype(np.float32)  # half the time of float64
    with threadpool_limits(1), np.errstate(invalid="ignore"):  # one text has no variance to explain
        svd = TruncatedSVD(width, n_iter=POWER_ITERATIONS, random_state=seed & 0xFFFFFFFF).fit(weighed)
    components[used] = svd.components_.T
    return Projection(idf, components)


def clusters_for(documents: int, sample: int) -> int:
    """`clusters: auto`: the root of the number of documents, so that drawers are as many as a drawer's documents.

    A sample of less than DOCUMENTS_A_CLUSTER times as many cannot place them: then as many as it can.
    """
    return max(1, min(math.isqrt(documents), sample // DOCUMENTS_A_CLUSTER))


def fit_centroids(embeddings: Halves, clusters: int, seed: int) -> Floats:
    """Unit vectors, float32[at most `clusters`, dimensions]; fewer where the sample has fewer different vectors."""
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    points = unit_vectors(embeddings)
    points = points[points.any(axis=1)]
    wanted = min(clusters, len(np.unique(points, axis=0)))
    if wanted < 2:
        return one_centroid(points, embeddings.shape[1])
    with threadpool_limits(1):
        fitted = KMeans(wanted, n_init=1, max_iter=ROUNDS, random_state=seed & 0xFFFFFFFF).fit(points)
    return unit_vectors(fitted.cluster_centers_)


def one_centroid(points: Floats, dimensions: int) -> Floats:
    """A single drawer."""
    return unit_vectors(points.sum(axis=0, keepdims=True) if len(points) else np.zeros((1, dimensions), np.float32))
