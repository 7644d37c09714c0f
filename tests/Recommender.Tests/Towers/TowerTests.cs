using System.Numerics.Tensors;
using ServerlessRec.Recommender.Tests.Doubles;
using ServerlessRec.Recommender.Towers;
using ServerlessRec.Recommender.Users;
using static ServerlessRec.Recommender.Tests.Doubles.OnnxWriter;

namespace ServerlessRec.Recommender.Tests.Towers;

public sealed class TowerTests
{
    private const int D = TestCatalogue.Dimensions;

    [Fact]
    public void A_batch_gives_each_history_the_vector_it_gets_alone()
    {
        using var tower = new UserTower(TestCatalogue.Features, TestTowers.User);
        var random = new Random(5);
        var histories = Enumerable.Range(0, 300)
            .Select(i => (IReadOnlyList<HistoryEntry>)[.. Enumerable.Range(0, i % 40).Select(_ => new HistoryEntry($"{random.Next(50)}", "click", 1, default))]).ToList();
        var (vectors, known) = (new float[300 * D], new bool[300]);
        tower.Infer(histories, Read, vectors, known, TestContext.Current.CancellationToken);
        for (var i = 0; i < histories.Count; i++)
        {
            var (alone, aloneKnown) = (new float[D], new bool[1]);
            tower.Infer([histories[i]], Read, alone, aloneKnown, TestContext.Current.CancellationToken);
            Assert.Equal(aloneKnown[0], known[i]);
            Assert.Equal(histories[i].Count > 0, known[i]);
            Assert.True(TensorPrimitives.Distance<float>(alone, vectors.AsSpan(i * D, D)) < 1e-5);
            Assert.Equal(known[i] ? 1 : 0, TensorPrimitives.Norm<float>(alone), 1e-4);
        }
    }

    [Fact]
    public void A_history_without_known_items_has_no_vector_and_costs_no_inference()
    {
        using var tower = new UserTower(TestCatalogue.Features, new byte[] { 1, 2, 3 });
        var (vector, known) = (new float[D], new bool[1]);
        tower.Infer([[new HistoryEntry("?", "click", 1, default)]], (in HistoryEntry _, Span<float> _) => false, vector, known, TestContext.Current.CancellationToken);
        Assert.False(known[0]);
        Assert.Equal(new float[D], vector);
    }

    [Fact]
    public void The_item_tower_answers_more_rows_than_a_batch_in_their_order()
    {
        var draft = TestCatalogue.Draft(600);
        using var tower = new ItemTower(TestCatalogue.Features, TestTowers.Item);
        foreach (var row in (int[])[0, 255, 256, 599])
        {
            var vector = new float[D];
            tower.Infer([draft.Items[row]], vector, TestContext.Current.CancellationToken);
            Assert.Equal(draft.ItemVectors.Slice(row * D, D).ToArray(), vector);
        }
    }

    [Fact]
    public void A_model_that_does_not_load_or_fit_is_refused_with_its_file_name()
    {
        var foreign = Model([Node("Identity", ["pixels"], "user_vectors")], [], [Value("pixels", Float, "B", "D")], Value("user_vectors", Float, "B", "D"));
        foreach (var model in (byte[][])[[1, 2, 3], foreign, TestTowers.Item])
        {
            using var tower = new UserTower(TestCatalogue.Features, model);
            var refusal = Assert.Throws<InvalidDataException>(
                () => tower.Infer([[new HistoryEntry("1", "click", 1, default)]], Read, new float[D], new bool[1], TestContext.Current.CancellationToken));
            Assert.Contains("user-tower.onnx", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_vector_that_is_not_finite_is_refused()
    {
        using var tower = new UserTower(TestCatalogue.Features, TestTowers.User);
        Assert.Throws<InvalidDataException>(() => tower.Infer(
            [[new HistoryEntry("1", "click", 1, default)]],
            (in HistoryEntry _, Span<float> destination) =>
            {
                destination.Fill(float.NaN);
                return true;
            },
            new float[D],
            new bool[1],
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_tower_serves_many_threads()
    {
        using var tower = new UserTower(TestCatalogue.Features, TestTowers.User);
        await Parallel.ForAsync(0, 400, TestContext.Current.CancellationToken, (i, _) =>
        {
            var vector = new float[D];
            tower.Infer([[new HistoryEntry($"{i}", "click", 1, default)]], Read, vector, new bool[1], CancellationToken.None);
            var expected = new float[D];
            Read(new HistoryEntry($"{i}", "click", 1, default), expected);
            Assert.True(TensorPrimitives.Distance<float>(expected, vector) < 1e-5);
            return ValueTask.CompletedTask;
        });
    }

    private static bool Read(in HistoryEntry entry, Span<float> destination)
    {
        TestCatalogue.Vector(new Random(int.Parse(entry.ItemId))).CopyTo(destination);
        return true;
    }
}
