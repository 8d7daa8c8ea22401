/** Metrics, alerts, dashboards and traces, as a running system has them. */
@NullMarked
package nod.standalone.monitoring;

import org.jspecify.annotations.NullMarked;
