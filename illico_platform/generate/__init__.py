"""Generated nights: queue logs of any size that look as a PBX writes them. For the demo, the benchmarks and tests."""

from illico_platform.generate.night import Shape, generate_queue_log

__all__ = ["Shape", "generate_queue_log"]
