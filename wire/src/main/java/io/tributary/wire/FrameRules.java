package io.tributary.wire;

/** What every connection of a server goes by when it reads frames. */
record FrameRules(
    RequestTable table,
    WireSettings.Frames frames,
    MemoryBudget recordBudget,
    MemoryBudget smallBudget,
    Refusals refusals) {

  int bytesMax(MemoryClass memory) {
    return switch (memory) {
      case RECORDS -> frames.bytesMax();
      case SMALL -> frames.smallBytesMax();
    };
  }

  MemoryBudget budget(MemoryClass memory) {
    return switch (memory) {
      case RECORDS -> recordBudget;
      case SMALL -> smallBudget;
    };
  }

  long stallMs() {
    return frames.stallMs();
  }
}
