package nod.benchmarks.waiting;

/**
 * What a gateway holds.
 *
 * @param threads of its process
 * @param heap that is in use after a collection, in bytes
 * @param memory of its process that is resident, in bytes
 */
record GatewayState(int threads, long heap, long memory) {}
