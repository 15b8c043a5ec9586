// All files for one type of floats. Included for each floating-point type by windows.h.
#include "../windows/lanes.h"
#include "../windows/sum.h"
#include "../windows/max.h"
#include "../windows/max_backward.h"
#include "../windows/pick.h"
