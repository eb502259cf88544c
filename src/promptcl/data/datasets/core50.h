// CORe50: 50 objects filmed in 11 sessions.
#pragma once

#include "promptcl/config/config.h"
#include "promptcl/data/dataset.h"
#include "promptcl/data/open_observer.h"

namespace promptcl::data {

/// Reads core50_128x128.zip or the folder core50_128x128: sX/oY/C_XX_YY_FFF.png for session X of
/// 1..11 and object Y of 1..50; object Y is class Y - 1. The sessions 1, 2, 4, 5, 6, 8, 9 and 11
/// are the tasks s1, s2, ... in this order; 3, 7 and 10 are the common test set. Source: Lomonaco
/// and Maltoni, CoRL 2017, https://vlomonaco.github.io/core50, and the sessions of its NI scenario.
/// UsageError without data_dir or with config.data_split; Error naming what is missing or a folder
/// outside these numbers.
DataSource open_core50(const config::Config& config, OpenObserver& observer);

}  // namespace promptcl::data
