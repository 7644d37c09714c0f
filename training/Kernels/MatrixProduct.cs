using System.Runtime.Intrinsics;

namespace ServerlessRec.Training.Kernels;

/// <summary>
/// Products of small matrices on one thread, over memory that the caller keeps: what a user's history needs stays in the core's cache, and
/// every thread has histories of its own. MKL starts its threads for each product, and on other makers' processors takes its second-best code.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Columns of a product come in multiples of this.</summary>
    public const int Width = 16;

    private const int Rows = 6, Half = Width / 2;

    /// <summary>The smallest allowed number of columns that holds this many.</summary>
    public static int Padded(int columns) => (columns + Width - 1) / Width * Width;

    /// <summary>C[m, n] = A[m, k] · B[k, n], or adds it to C.</summary>
    /// <param name="a">A; its element (i, l) stands at i · <paramref name="aRow"/> + l · <paramref name="aStep"/>, so that A may be read transposed.</param>
    /// <param name="aRow">See <paramref name="a"/>.</param>
    /// <param name="aStep">See <paramref name="a"/>.</param>
    /// <param name="b">B, rows <paramref name="bRow"/> apart.</param>
    /// <param name="bRow">Length of a row's storage.</param>
    /// <param name="c">C, rows <paramref name="cRow"/> apart; overlaps neither A nor B.</param>
    /// <param name="cRow">Length of a row's storage.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="n">Columns of B and C; a multiple of <see cref="Width"/>.</param>
    /// <param name="adds">True: C keeps what it holds.</param>
    public static void Multiply(float* a, int aRow, int aStep, float* b, int bRow, float* c, int cRow, int m, int k, int n, bool adds = false)
    {
        for (var column = 0; column < n;)
        {
            // Processors without AVX-512 have half the registers at half the width: one strip fills them.
            var wide = !Vector512.IsHardwareAccelerated ? 1 : n - column >= 4 * Width ? 4 : n - column >= 2 * Width ? 2 : 1;
            var row = 0;
            for (; row + Rows <= m; row += Rows)
            {
                var from = a + ((long)row * aRow);
                var to = c + ((long)row * cRow) + column;
                switch (wide)
                {
                    case 4: SixByFour(from, aRow, aStep, b + column, bRow, to, cRow, k, adds); break;
                    case 2: SixByTwo(from, aRow, aStep, b + column, bRow, to, cRow, k, adds); break;
                    default: SixByOne(from, aRow, aStep, b + column, bRow, to, cRow, k, adds); break;
                }
            }

            for (; row < m; row++)
            {
                for (var part = 0; part < wide; part++)
                {
                    OneByOne(a + ((long)row * aRow), aStep, b + column + (part * Width), bRow, c + ((long)row * cRow) + column + (part * Width), k, adds);
                }
            }

            column += wide * Width;
        }
    }

    /// <summary>Writes the transpose of A[m, n] to B[n, m].</summary>
    public static void Transpose(float* a, int aRow, float* b, int bRow, int m, int n)
    {
        for (var row = 0; row < m; row++)
        {
            for (var column = 0; column < n; column++)
            {
                b[((long)column * bRow) + row] = a[((long)row * aRow) + column];
            }
        }
    }

    // Twenty-four sums stay in registers while a row of B serves six rows of A.
    private static void SixByFour(float* a, int aRow, int aStep, float* b, int bRow, float* c, int cRow, int k, bool adds)
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        Vector512<float> s40 = default, s41 = default, s42 = default, s43 = default, s50 = default, s51 = default, s52 = default, s53 = default;
        for (long l = 0, at = 0; l < k; l++, at += aStep, b += bRow)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + Width);
            var b2 = Vector512.Load(b + (2 * Width));
            var b3 = Vector512.Load(b + (3 * Width));
            var x = Vector512.Create(a[at]);
            s00 = Vector512.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, b1, s01);
            s02 = Vector512.FusedMultiplyAdd(x, b2, s02);
            s03 = Vector512.FusedMultiplyAdd(x, b3, s03);
            x = Vector512.Create(a1[at]);
            s10 = Vector512.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, b1, s11);
            s12 = Vector512.FusedMultiplyAdd(x, b2, s12);
            s13 = Vector512.FusedMultiplyAdd(x, b3, s13);
            x = Vector512.Create(a2[at]);
            s20 = Vector512.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, b1, s21);
            s22 = Vector512.FusedMultiplyAdd(x, b2, s22);
            s23 = Vector512.FusedMultiplyAdd(x, b3, s23);
            x = Vector512.Create(a3[at]);
            s30 = Vector512.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, b1, s31);
            s32 = Vector512.FusedMultiplyAdd(x, b2, s32);
            s33 = Vector512.FusedMultiplyAdd(x, b3, s33);
            x = Vector512.Create(a4[at]);
            s40 = Vector512.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector512.FusedMultiplyAdd(x, b1, s41);
            s42 = Vector512.FusedMultiplyAdd(x, b2, s42);
            s43 = Vector512.FusedMultiplyAdd(x, b3, s43);
            x = Vector512.Create(a5[at]);
            s50 = Vector512.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector512.FusedMultiplyAdd(x, b1, s51);
            s52 = Vector512.FusedMultiplyAdd(x, b2, s52);
            s53 = Vector512.FusedMultiplyAdd(x, b3, s53);
        }

        Store(c, s00, s01, s02, s03, adds);
        Store(c + cRow, s10, s11, s12, s13, adds);
        Store(c + (2 * cRow), s20, s21, s22, s23, adds);
        Store(c + (3 * cRow), s30, s31, s32, s33, adds);
        Store(c + (4 * cRow), s40, s41, s42, s43, adds);
        Store(c + (5 * cRow), s50, s51, s52, s53, adds);
    }

    private static void SixByTwo(float* a, int aRow, int aStep, float* b, int bRow, float* c, int cRow, int k, bool adds)
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector512<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        for (long l = 0, at = 0; l < k; l++, at += aStep, b += bRow)
        {
            var b0 = Vector512.Load(b);
            var b1 = Vector512.Load(b + Width);
            var x = Vector512.Create(a[at]);
            s00 = Vector512.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector512.FusedMultiplyAdd(x, b1, s01);
            x = Vector512.Create(a1[at]);
            s10 = Vector512.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector512.FusedMultiplyAdd(x, b1, s11);
            x = Vector512.Create(a2[at]);
            s20 = Vector512.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector512.FusedMultiplyAdd(x, b1, s21);
            x = Vector512.Create(a3[at]);
            s30 = Vector512.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector512.FusedMultiplyAdd(x, b1, s31);
            x = Vector512.Create(a4[at]);
            s40 = Vector512.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector512.FusedMultiplyAdd(x, b1, s41);
            x = Vector512.Create(a5[at]);
            s50 = Vector512.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector512.FusedMultiplyAdd(x, b1, s51);
        }

        Store(c, s00, s01, adds);
        Store(c + cRow, s10, s11, adds);
        Store(c + (2 * cRow), s20, s21, adds);
        Store(c + (3 * cRow), s30, s31, adds);
        Store(c + (4 * cRow), s40, s41, adds);
        Store(c + (5 * cRow), s50, s51, adds);
    }

    private static void SixByOne(float* a, int aRow, int aStep, float* b, int bRow, float* c, int cRow, int k, bool adds)
    {
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        for (long l = 0, at = 0; l < k; l++, at += aStep, b += bRow)
        {
            var b0 = Vector256.Load(b);
            var b1 = Vector256.Load(b + Half);
            var x = Vector256.Create(a[at]);
            s00 = Vector256.FusedMultiplyAdd(x, b0, s00);
            s01 = Vector256.FusedMultiplyAdd(x, b1, s01);
            x = Vector256.Create(a1[at]);
            s10 = Vector256.FusedMultiplyAdd(x, b0, s10);
            s11 = Vector256.FusedMultiplyAdd(x, b1, s11);
            x = Vector256.Create(a2[at]);
            s20 = Vector256.FusedMultiplyAdd(x, b0, s20);
            s21 = Vector256.FusedMultiplyAdd(x, b1, s21);
            x = Vector256.Create(a3[at]);
            s30 = Vector256.FusedMultiplyAdd(x, b0, s30);
            s31 = Vector256.FusedMultiplyAdd(x, b1, s31);
            x = Vector256.Create(a4[at]);
            s40 = Vector256.FusedMultiplyAdd(x, b0, s40);
            s41 = Vector256.FusedMultiplyAdd(x, b1, s41);
            x = Vector256.Create(a5[at]);
            s50 = Vector256.FusedMultiplyAdd(x, b0, s50);
            s51 = Vector256.FusedMultiplyAdd(x, b1, s51);
        }

        Store(c, s00, s01, adds);
        Store(c + cRow, s10, s11, adds);
        Store(c + (2 * cRow), s20, s21, adds);
        Store(c + (3 * cRow), s30, s31, adds);
        Store(c + (4 * cRow), s40, s41, adds);
        Store(c + (5 * cRow), s50, s51, adds);
    }

    private static void OneByOne(float* a, int aStep, float* b, int bRow, float* c, int k, bool adds)
    {
        var (even, odd) = (Vector512<float>.Zero, Vector512<float>.Zero);
        var l = 0;
        for (; l + 2 <= k; l += 2)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.Create(a[(long)l * aStep]), Vector512.Load(b + ((long)l * bRow)), even);
            odd = Vector512.FusedMultiplyAdd(Vector512.Create(a[(long)(l + 1) * aStep]), Vector512.Load(b + ((long)(l + 1) * bRow)), odd);
        }

        if (l < k)
        {
            even = Vector512.FusedMultiplyAdd(Vector512.Create(a[(long)l * aStep]), Vector512.Load(b + ((long)l * bRow)), even);
        }

        Store(c, even + odd, adds);
    }

    private static void Store(float* c, Vector512<float> s0, Vector512<float> s1, Vector512<float> s2, Vector512<float> s3, bool adds)
    {
        Store(c, s0, s1, adds);
        Store(c + (2 * Width), s2, s3, adds);
    }

    private static void Store(float* c, Vector512<float> s0, Vector512<float> s1, bool adds)
    {
        Store(c, s0, adds);
        Store(c + Width, s1, adds);
    }

    private static void Store(float* c, Vector256<float> s0, Vector256<float> s1, bool adds)
    {
        (adds ? Vector256.Load(c) + s0 : s0).Store(c);
        (adds ? Vector256.Load(c + Half) + s1 : s1).Store(c + Half);
    }

    private static void Store(float* c, Vector512<float> sum, bool adds) => (adds ? Vector512.Load(c) + sum : sum).Store(c);
}
