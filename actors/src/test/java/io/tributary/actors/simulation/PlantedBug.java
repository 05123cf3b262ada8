package io.tributary.actors.simulation;

import io.tributary.actors.shard.ServingRight;

/** What the simulation must notice. */
enum PlantedBug {
  ANSWERS_BEFORE_THE_COMMIT(LogicBugs.answersBeforeTheCommit()),
  LOG_START_IS_NOT_JOURNALED(LogicBugs.logStartIsNotJournaled()),
  REPLAY_IGNORES_EXCEPTIONS(LogicBugs.replayIgnoresExceptions()),
  REPLAY_LOSES_THE_LAST_RECORD(LogicBugs.replayLosesTheLastRecord()),
  CURSORS_ARE_NOT_RESTORED(LogicBugs.cursorsAreNotRestored()),
  PRODUCERS_ARE_NOT_RESTORED(LogicBugs.producersAreNotRestored()),
  PRODUCERS_ARE_NOT_CHECKED(LogicBugs.producersAreNotChecked()),
  CHECKPOINT_IS_OF_AN_EARLIER_STATE(LogicBugs.checkpointIsOfAnEarlierState()),
  PREVIOUS_FLUSH_IS_NOT_COMPARED(LogicBugs.previousFlushIsNotCompared()),
  REPEAT_IS_APPENDED_TWICE(LogicBugs.repeatIsAppendedTwice()),
  VIEWS_SEE_BEYOND_THE_HIGH_WATERMARK(LogicBugs.viewsSeeBeyondTheHighWatermark()),
  VIEWS_IGNORE_EXCEPTIONS(LogicBugs.viewsIgnoreExceptions()),
  COMMITS_COMPARE_NO_OWNER(MetadataBugs.commitsCompareNoOwner()),
  PUBLISHING_COMPARES_NOTHING(MetadataBugs.publishingComparesNothing()),
  ACQUIRING_COMPARES_NOTHING(MetadataBugs.acquiringComparesNothing()),
  ACQUIRES_WHILE_THE_OWNER_LIVES(MetadataBugs.acquiresWhileTheOwnerLives()),
  UNKNOWN_COMMIT_IS_TAKEN_AS_DONE(MetadataBugs.unknownCommitIsTakenAsDone()),
  JOURNAL_IS_CUT_ONE_TOO_FAR(MetadataBugs.journalIsCutOneTooFar()),
  CHECKPOINT_CLAIMS_ONE_TOO_MANY(MetadataBugs.checkpointClaimsOneTooMany()),
  RECOVERY_READS_STALE(MetadataBugs.recoveryReadsStale()),
  UNKNOWN_UPLOAD_IS_TAKEN_AS_DONE(ObjectBugs.unknownUploadIsTakenAsDone()),
  UPLOAD_IS_TAKEN_AS_DONE_BEFORE_IT_IS(ObjectBugs.uploadIsTakenAsDoneBeforeItIs()),
  INDEX_PAGES_ARE_NOT_STORED(ObjectBugs.indexPagesAreNotStored()),
  STORED_IS_NOT_SYNCED(ObjectBugs.storedIsNotSynced()),
  RESEND_FROM_IS_IGNORED(RouterBugs.resendFromIsIgnored()),
  NO_ANSWER_IS_TAKEN_AS_FORGOTTEN(RouterBugs.noAnswerIsTakenAsForgotten()),
  ANSWERS_ARE_MIXED_UP(RouterBugs.answersAreMixedUp()),
  RIGHT_TO_SERVE_IS_IGNORED(
      new Sabotage() {
        @Override
        public ServingRight right(ServingRight sound) {
          return ServingRight.always();
        }
      });

  final Sabotage sabotage;

  PlantedBug(Sabotage sabotage) {
    this.sabotage = sabotage;
  }
}
