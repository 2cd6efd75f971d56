-- What happened where the server could not see it: before the challenge was here, or elsewhere; with a source, and written once.
CREATE TABLE history_entries (
  id uuid NOT NULL PRIMARY KEY,
  challenge_id uuid NOT NULL REFERENCES challenges (id),
  event_type text NOT NULL CHECK (event_type IN (
    'dataset.announced', 'dataset.released', 'dataset.corrected', 'instances.removed', 'site.opened', 'site.closed',
    'ethics.approved', 'ethics.renewed', 'recruitment.started', 'annotation.started', 'annotation.ended',
    'vendor.contracted', 'guideline.published', 'guideline.changed', 'taxonomy.published', 'term.added',
    'term.deprecated', 'decision.made', 'decision.reversed', 'exclusion.recorded', 'contestation.raised',
    'contestation.answered', 'edition.opened', 'edition.closed', 'edition.extended', 'task.opened', 'task.retired',
    'framing.changed', 'metric.changed', 'evaluator.changed', 'rescore.run', 'testset.frozen', 'testset.changed',
    'prize.announced', 'prize.changed', 'prize.awarded', 'disqualified', 'team.created', 'team.renamed', 'team.merged',
    'team.ended', 'member.joined', 'member.left', 'registered', 'first.submission', 'submitted', 'scored',
    'record.set', 'retracted', 'published', 'hidden', 'access.requested', 'access.granted', 'access.refused',
    'access.expired', 'licence.changed', 'publication.seen', 'derivative.seen', 'trace.collected', 'consent.given',
    'consent.withdrawn', 'export.made', 'export.revoked', 'erasure.done', 'snapshot.made')),
  -- The first day of what is known no better than by its month or year.
  happened_on text NOT NULL CHECK (length(happened_on) = 10),
  exact_to text NOT NULL CHECK (exact_to IN ('day', 'month', 'year')),
  words text NOT NULL,
  source text NOT NULL CHECK (source <> ''),
  recorded_by uuid NOT NULL REFERENCES users (id),
  recorded_at timestamptz NOT NULL,
  CHECK (happened_on <= to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'))
);
CREATE INDEX history_entries_by_challenge ON history_entries (challenge_id, id);
