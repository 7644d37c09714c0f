using Azure.Core;
using Azure.Identity;
using ServerlessRec.Azure.Settings;

namespace ServerlessRec.Azure.Clients;

/// <summary>Who the process is when no connection string says it: its managed identity, its workload, or the developer who is signed in.</summary>
internal static class SignIn
{
    /// <summary>One credential for all clients of a process, so that tokens are fetched once.</summary>
    public static TokenCredential For(StoreSettings settings) => new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ManagedIdentityClientId = settings.ClientId,
        WorkloadIdentityClientId = settings.ClientId,
        ExcludeInteractiveBrowserCredential = true,
        ExcludeVisualStudioCredential = true,
    });
}
