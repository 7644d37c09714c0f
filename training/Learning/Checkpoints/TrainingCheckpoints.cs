using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ServerlessRec.Training.Data;

namespace ServerlessRec.Training.Learning.Checkpoints;

/// <summary>
/// A folder in which trainings keep what they have learned after each epoch, so that the same command goes on where a killed run stood. A
/// checkpoint belongs to one program, one set of options and one set of interactions; any other leaves it alone.
/// </summary>
internal sealed class TrainingCheckpoints
{
    private const string Extension = ".checkpoint";

    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly string _folder;
    private readonly List<FitCheckpoint> _used = [];

    /// <summary>Opens or makes the folder; checkpoints that nobody came back to for a week go.</summary>
    public TrainingCheckpoints(string folder, TimeProvider clock)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles("*" + Extension + "*"))
        {
            if (clock.GetUtcNow() - file.LastWriteTimeUtc > Kept)
            {
                file.Delete();
            }
        }
    }

    /// <summary>Where checkpoints are kept when nobody says where: in the user's own application data; null where there is none.</summary>
    public static string? UsualFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data
            ? Path.Combine(data, "ServerlessRec", "training")
            : null;

    /// <summary>The checkpoint of one training, with validation or without.</summary>
    public FitCheckpoint Of(TrainingOptions options, Dataset dataset, IReadOnlyList<Interaction> interactions, bool isValidated)
    {
        var id = Identify(options, dataset, interactions, isValidated);
        var checkpoint = new FitCheckpoint(Path.Combine(_folder, id + Extension));
        _used.Add(checkpoint);
        return checkpoint;
    }

    /// <summary>Everything is done: what this run kept is not needed any more.</summary>
    public void Clear() => _used.ForEach(checkpoint => checkpoint.Delete());

    private static string Identify(TrainingOptions options, Dataset dataset, IReadOnlyList<Interaction> interactions, bool isValidated)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add<T>(T value) => hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(value, Json));
        Add(typeof(TrainingCheckpoints).Module.ModuleVersionId);
        Add(options);
        Add(isValidated);
        Add(dataset.FeedbackTypes);
        Add(dataset.Users.Count);
        foreach (var item in dataset.Items)
        {
            Add(item);
        }

        Span<Interaction> one = stackalloc Interaction[1];
        foreach (var interaction in interactions)
        {
            one[0] = interaction;
            hash.AppendData(MemoryMarshal.AsBytes(one));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
