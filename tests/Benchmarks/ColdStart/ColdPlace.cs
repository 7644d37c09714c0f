using System.Diagnostics;

namespace ServerlessRec.Benchmarks.ColdStart;

/// <summary>Where a program finds its release and its users.</summary>
/// <param name="Store">What <c>--store</c> takes.</param>
/// <param name="FeedbackFolder">This machine's feedback log, which a store in an account needs beside it; null: in the store's folder.</param>
internal readonly record struct ColdPlace(string Store, string? FeedbackFolder = null)
{
    public void ApplyTo(ProcessStartInfo start)
    {
        start.Environment["SERVERLESSREC_STORE"] = Store;
        if (FeedbackFolder is not null)
        {
            start.Environment["SERVERLESSREC_FEEDBACK_FOLDER"] = FeedbackFolder;
        }
    }
}
