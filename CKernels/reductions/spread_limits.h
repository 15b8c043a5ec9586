// What a mean square must exceed for its terms not to be lost. Included for float32 and float64 by reductions.h.

/// Well above the smallest normal number, so that squares below that are no part worth having.
#define spread_tiny CK_OF_REAL(spread_tiny)
static const double spread_tiny = CK_BITS == 32 ? 0x1p-96 : 0x1p-960;

/// The largest power of two that elements are divided by or multiplied with.
#define spread_largest_power CK_OF_REAL(spread_largest_power)
enum { spread_largest_power = CK_BITS == 32 ? 120 : 1000 };
