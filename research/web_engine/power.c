/* Powers, for what depends on parameters alone: the bits that the C library of Linux gives Python and the compiled engine.

   The algorithm and its tables are Arm's (optimized routines, 2018, MIT licence), which glibc and musl took over: the
   logarithm in two numbers, then the exponential of its product with y. glibc runs it with fused multiplication and
   addition where the processor has them. WebAssembly has none, so each is a call here, in the places where compilers fuse.
   Good for x from 0 on and y above 0 where the result is neither infinite nor below 1e-200: what a share of the distance
   left after some months needs. Below 0 it answers NaN. */

#include <stdint.h>
#include "exp_data.h"
#include "pow_data.h"

static inline uint64_t bits(double x) { return __builtin_bit_cast(uint64_t, x); }
static inline double number(uint64_t x) { return __builtin_bit_cast(double, x); }

/* Return a + b, and in rest what is lost to rounding (Knuth). */
static inline double sum(double a, double b, double *rest)
{
    double s = a + b, other = s - a;
    *rest = (a - (s - other)) + (b - other);
    return s;
}

/* Return a * b, and in rest what is lost to rounding (Dekker). */
static inline double product(double a, double b, double *rest)
{
    double p = a * b, wide = 134217729.0 * a, high = wide - (wide - a), low = a - high;
    double wide_b = 134217729.0 * b, high_b = wide_b - (wide_b - b), low_b = b - high_b;
    *rest = low * low_b - (((p - high * high_b) - low * high_b) - high * low_b);
    return p;
}

/* Return a * b + c, rounded once: the part below is rounded to odd, so that it cannot tip the sum (Boldo and Melquiond
   2008). Good where nothing overflows or falls below the normal numbers. */
static double fma(double a, double b, double c)
{
    double low, lower, lowest, lost;
    double high = product(a, b, &low), middle = sum(c, low, &lower), whole = sum(high, middle, &lowest);
    double below = sum(lower, lowest, &lost);
    if (lost != 0.0 && !(bits(below) & 1))
        below = number(bits(below) + ((lost > 0.0) == (below > 0.0) ? 1 : -1));
    return whole + below;
}

/* Return the logarithm of x; what is lost in it to rounding comes in rest. */
static double log_in_two(double x, double *rest)
{
    const double *A = __pow_log_data.poly;
    uint64_t above = bits(x) - 0x3fe6955500000000;
    int i = (above >> (52 - POW_LOG_TABLE_BITS)) % (1 << POW_LOG_TABLE_BITS);
    double k = (double)((int64_t)above >> 52);
    double z = number(bits(x) - (above & 0xfffULL << 52));
    double r = fma(z, __pow_log_data.tab[i].invc, -1.0);
    double t1 = fma(k, __pow_log_data.ln2hi, __pow_log_data.tab[i].logc), t2 = t1 + r;
    double lo1 = fma(k, __pow_log_data.ln2lo, __pow_log_data.tab[i].logctail), lo2 = t1 - t2 + r;
    double ar = A[0] * r, ar2 = r * ar, ar3 = r * ar2;
    double hi = t2 + ar2, lo3 = fma(ar, r, -ar2), lo4 = t2 - hi + ar2;
    double p = ar3 * fma(ar2, fma(ar2, fma(r, A[6], A[5]), fma(r, A[4], A[3])), fma(r, A[2], A[1]));
    double lo = lo1 + lo2 + lo3 + lo4 + p;
    *rest = hi - (hi + lo) + lo;
    return hi + lo;
}

/* Return e to the power of x + rest. */
static double exp_of_two(double x, double rest)
{
    const double *C = __exp_data.poly;
    if (x < 0x1p-54 && x > -0x1p-54)
        return 1.0 + x;
    double shifted = __exp_data.invln2N * x + __exp_data.shift, k = shifted - __exp_data.shift;
    uint64_t i = 2 * (bits(shifted) % (1 << EXP_TABLE_BITS));
    double r = fma(k, __exp_data.negln2loN, fma(k, __exp_data.negln2hiN, x)) + rest, r2 = r * r;
    double scale = number(__exp_data.tab[i + 1] + (bits(shifted) << (52 - EXP_TABLE_BITS)));
    double tail = number(__exp_data.tab[i]) + r;
    double more = fma(r2 * r2, fma(r, C[3], C[2]), fma(r2, fma(r, C[1], C[0]), tail));
    return fma(scale, more, scale);
}

static double power(double x, double y)
{
    if (x == 0.0)
        return 0.0;
    if (!(x > 0.0))
        return __builtin_nan("");
    double rest, log = log_in_two(x, &rest), exponent = y * log;
    return exp_of_two(exponent, fma(y, rest, fma(y, log, -exponent)));
}
