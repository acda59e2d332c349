<#
.SYNOPSIS
  Holds certsweep's records against Windows' own verdict, file by file.
.DESCRIPTION
  Runs Get-AuthenticodeSignature on every file that the records name and prints where status, signer or time stamper differ.
  Reads only: nothing is executed, loaded or sent. UNTESTED: written without a Windows host at hand.
.PARAMETER Records
  NDJSON of `certsweep scan FOLDER --format ndjson --out FILE`, made on this machine.
.EXAMPLE
  certsweep scan C:\samples --format ndjson --out samples.ndjson --fail-on never
  .\windows-truth.ps1 -Records samples.ndjson
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory)] [string] $Records
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# What Windows may say of a file for each SignatureStatus of ours. NotJudged and CatalogNotSearched say nothing, so anything goes.
$agreeing = @{
  Trusted      = @('Valid')
  NotTrusted   = @('NotTrusted', 'UnknownError')
  HashMismatch = @('HashMismatch')
  BadSignature = @('HashMismatch', 'UnknownError', 'NotTrusted')
  Malformed    = @('UnknownError', 'NotSigned', 'HashMismatch')
  NotSigned    = @('NotSigned')
}

$compared = 0; $different = 0; $open = 0; $missing = 0
foreach ($line in [System.IO.File]::ReadLines((Resolve-Path -LiteralPath $Records).ProviderPath)) {
  if ($line -eq '') { continue }
  $record = $line | ConvertFrom-Json
  # Windows judges the primary signature; nested and further ones have no verdict of their own there.
  if ($null -ne $record.SignatureIndex -and $record.SignatureIndex -ne 0) { continue }
  $path = [System.IO.Path]::Combine($record.FolderPath, $record.FileName)
  if (-not (Test-Path -LiteralPath $path -PathType Leaf)) { $missing++; continue }
  if (-not $agreeing.ContainsKey($record.SignatureStatus)) { $open++; continue }

  $windows = Get-AuthenticodeSignature -LiteralPath $path
  $compared++
  $differences = @()
  if ($agreeing[$record.SignatureStatus] -notcontains [string] $windows.Status) {
    $differences += "status: ours $($record.SignatureStatus), Windows $($windows.Status) ($($windows.StatusMessage))"
  }
  $thumbprint = if ($windows.SignerCertificate) { $windows.SignerCertificate.Thumbprint.ToLowerInvariant() } else { $null }
  if ($record.IsSigned -and $thumbprint -ne $record.SignerHash) {
    $differences += "signer: ours $($record.SignerHash), Windows $thumbprint"
  }
  $stamped = $null -ne $windows.TimeStamperCertificate
  if ($record.IsTrusted -eq $true -and $stamped -ne ($null -ne $record.CertificateCountersignatureTime)) {
    $differences += "time stamp: ours '$($record.CertificateCountersignatureTime)', Windows $stamped"
  }
  if ($record.SignatureType -eq 'Catalog' -and [string] $windows.SignatureType -ne 'Catalog') {
    $differences += "type: ours Catalog, Windows $($windows.SignatureType)"
  }
  if ($differences.Count -gt 0) {
    $different++
    [pscustomobject]@{ Path = $path; SHA1 = $record.SHA1; Differences = $differences -join '; ' }
  }
}
Write-Host "$compared files compared, $different differ, $open not judged by certsweep, $missing no longer there"
if ($different -gt 0) { exit 1 }
